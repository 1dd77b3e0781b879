"""What is asked and told on the pictures, in both languages."""

from __future__ import annotations

QUESTION = {
    "en": "How long should green tea steep, and does the temperature matter?",
    "zh_CN": "绿茶要泡多久？水温重要吗？",
}
NEXT = {"en": "And black tea?", "zh_CN": "那红茶呢？"}
ANSWER = {
    "en": "Two to three minutes, at 70–80 °C. Hotter water brings out more bitterness than taste.",
    "zh_CN": "两到三分钟，水温七八十度为宜。水太烫，苦味比香味出得更快。",
}
THOUGHTS = {
    "en": "The person asks about green tea. Two things matter: time and temperature.\n\n"
    "Catechins dissolve faster than amino acids when the water is hot, so a cooler cup tastes sweeter. "
    "I should give one range for each, and the reason in one sentence.",
    "zh_CN": "对方问的是绿茶。要紧的有两点：时间与水温。\n\n"
    "水越烫，儿茶素溶出得比氨基酸越快，所以稍凉的水泡出来更甜。各给一个范围，再用一句话说明原因。",
}
CODE = '''```python
def steep(leaf: str, grams: float) -> int:
    """Seconds in the pot."""
    return 150 if leaf == "green" else 240  # taste, then decide
```'''
RICH = {
    "en": f"""## Green tea, briefly

Extraction follows roughly $c(t) = c_0 (1 - e^{{-kt}})$, and *k* doubles with every ten degrees:

$$k(T) = A \\exp\\left(-\\frac{{E_a}}{{RT}}\\right)$$

| leaf | water | time |
|:--|--:|--:|
| Longjing | 75 °C | 2 min |
| Sencha | 70 °C | 1 min 30 s |
| Gyokuro | 55 °C | 2 min |

1. Warm the pot.
2. Let the water cool:
   - kettle to jug: about −10 °C
   - jug to pot: about −8 °C

> The second cup is the better one.

{CODE}
""",
    "zh_CN": f"""## 简单说说绿茶

浸出大致遵循 $c(t) = c_0 (1 - e^{{-kt}})$，水温每升高十度，*k* 大约翻一倍：

$$k(T) = A \\exp\\left(-\\frac{{E_a}}{{RT}}\\right)$$

| 茶叶 | 水温 | 时间 |
|:--|--:|--:|
| 龙井 | 75 °C | 2 分钟 |
| 煎茶 | 70 °C | 1 分 30 秒 |
| 玉露 | 55 °C | 2 分钟 |

1. 先温壶。
2. 让水凉一凉：
   - 倒入公道杯：约降 10 °C
   - 再倒入茶壶：约降 8 °C

> 第二泡往往更好喝。

{CODE}
""",
}
LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft-茶馆里最长的名字也要放得下-"
    * 2
)
