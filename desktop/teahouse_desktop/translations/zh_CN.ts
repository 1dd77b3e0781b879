<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Composer</name>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>写点什么。Enter 发送，Shift+Enter 换行。</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Editing an earlier message. Sending adds a new version.</source>
        <translation>正在修改之前的消息，发送后会成为一个新版本。</translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation>取消修改</translation>
    </message>
    <message>
        <source>Cancel editing (Esc)</source>
        <translation>取消修改（Esc）</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送（Enter）</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>ComposerBar</name>
    <message>
        <source>As the model likes</source>
        <translation>由模型决定</translation>
    </message>
    <message>
        <source>Think before answering</source>
        <translation>先思考再回答</translation>
    </message>
    <message>
        <source>Answer at once</source>
        <translation>直接回答</translation>
    </message>
    <message>
        <source>Send nothing and say so</source>
        <translation>不发送，并给出提示</translation>
    </message>
    <message>
        <source>Leave out the oldest messages</source>
        <translation>略去最早的消息</translation>
    </message>
    <message>
        <source>Replace the oldest messages by a summary</source>
        <translation>用摘要代替最早的消息</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Thinking: {state}</source>
        <translation>思考：{state}</translation>
    </message>
    <message>
        <source>Whether the model thinks before it answers</source>
        <translation>模型在回答之前是否先思考</translation>
    </message>
    <message>
        <source>Conversation settings</source>
        <translation>对话设置</translation>
    </message>
    <message>
        <source>What holds for this conversation</source>
        <translation>只对这段对话有效的设置</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>上下文已满时</translation>
    </message>
    <message>
        <source>Reproducible: read everything anew for each reply</source>
        <translation>可复现：每次回复都重新读取全部内容</translation>
    </message>
    <message>
        <source>The same seed then gives the same text, but slower.</source>
        <translation>这样，随机种子相同时文本也相同，但会慢一些。</translation>
    </message>
</context>
<context>
    <name>ContextCount</name>
    <message>
        <source>cannot be counted</source>
        <translation>无法计数</translation>
    </message>
    <message>
        <source>does not fit into the context</source>
        <translation>超出上下文容量</translation>
    </message>
</context>
<context>
    <name>ContextDesk</name>
    <message>
        <source>Nothing would be sent: there is no message yet.</source>
        <translation>还没有消息，没有可以发送的内容。</translation>
    </message>
</context>
<context>
    <name>ContextMeter</name>
    <message>
        <source>Tokens of what would be sent: not counted</source>
        <translation>将发送的词元数：尚未计数</translation>
    </message>
    <message>
        <source>{count} / {total} tokens</source>
        <translation>{count} / {total} 词元</translation>
    </message>
    <message>
        <source>Tokens that would be sent, of those that fit. Click to see exactly what.</source>
        <translation>将发送的词元数与上下文容量。点击可查看将发送的原文。</translation>
    </message>
    <message>
        <source>Not sent, because the context is full:</source>
        <translation>因上下文已满而略去的消息：</translation>
    </message>
    <message>
        <source>A summary is sent instead of:</source>
        <translation>由摘要代替的消息：</translation>
    </message>
</context>
<context>
    <name>Conversations</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>Dates</name>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open this link?</source>
        <translation>打开这个链接？</translation>
    </message>
    <message>
        <source>It opens in the browser, outside of Teahouse.</source>
        <translation>它会在浏览器中打开，不在茶馆里。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Links of this kind are not opened.</source>
        <translation>这类链接不会被打开。</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>About Teahouse</source>
        <translation>关于茶馆</translation>
    </message>
    <message>
        <source>Chat with language models on your own computer.
Licence: Apache-2.0. Icons: Lucide (ISC). Typeface: Inter (OFL).</source>
        <translation>在自己的电脑上与语言模型对话。
许可证：Apache-2.0。图标：Lucide（ISC）。字体：Inter（OFL）。</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出了点问题</translation>
    </message>
    <message>
        <source>Your conversations are kept. You can go on; if things look odd, start Teahouse again.
The details are in the log: {folder}</source>
        <translation>对话都已保存。可以继续使用；如果有异常，请重新启动茶馆。
详情见日志：{folder}</translation>
    </message>
</context>
<context>
    <name>Fields</name>
    <message>
        <source>chosen automatically</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>from the model&apos;s file</source>
        <translation>取自模型文件</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Fitted</name>
    <message>
        <source>1 message will not be sent</source>
        <translation>1 条消息不会发送</translation>
    </message>
    <message>
        <source>{count} messages will not be sent</source>
        <translation>{count} 条消息不会发送</translation>
    </message>
    <message>
        <source>Messages of one speaker in a row are sent as one, as the model asks for.</source>
        <translation>同一方连续的消息合并为一条发送：这是模型的要求。</translation>
    </message>
    <message>
        <source>The system prompt is sent with the first question: the model takes no other.</source>
        <translation>系统提示词随第一个问题一起发送：模型只接受这种形式。</translation>
    </message>
    <message>
        <source>The system prompt is sent with the first question, and messages of one speaker in a row as one: the model takes no other.</source>
        <translation>系统提示词随第一个问题一起发送，同一方连续的消息合并为一条：模型只接受这种形式。</translation>
    </message>
    <message>
        <source>1 earlier message was replaced by a summary: the context is full.</source>
        <translation>上下文已满，1 条较早的消息由摘要代替。</translation>
    </message>
    <message>
        <source>{count} earlier messages were replaced by a summary: the context is full.</source>
        <translation>上下文已满，{count} 条较早的消息由摘要代替。</translation>
    </message>
    <message>
        <source>1 earlier message was not sent: the context is full.</source>
        <translation>上下文已满，1 条较早的消息未发送。</translation>
    </message>
    <message>
        <source>{count} earlier messages were not sent: the context is full.</source>
        <translation>上下文已满，{count} 条较早的消息未发送。</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Language / 语言</source>
        <translation>语言 / Language(&amp;L)</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>查看(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>新对话(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Rename the conversation</source>
        <translation>重命名对话(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Copy the last reply</source>
        <translation>复制最后一条回复(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Answer again</source>
        <translation>重新回答(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Edit the last message</source>
        <translation>修改最后一条消息(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Stop the reply</source>
        <translation>停止回复(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Pin or unpin the message</source>
        <translation>固定或取消固定消息(&amp;P)</translation>
    </message>
    <message>
        <source>Show or hide the &amp;conversations</source>
        <translation>显示或隐藏对话列表(&amp;C)</translation>
    </message>
    <message>
        <source>Choose the &amp;model</source>
        <translation>选择模型(&amp;M)</translation>
    </message>
    <message>
        <source>Show &amp;what is sent</source>
        <translation>查看将发送的内容(&amp;W)</translation>
    </message>
    <message>
        <source>Go to the m&amp;essage field</source>
        <translation>转到输入框(&amp;E)</translation>
    </message>
    <message>
        <source>Go to the t&amp;ranscript</source>
        <translation>转到对话内容(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;About Teahouse</source>
        <translation>关于茶馆(&amp;A)</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>模型：{name}</translation>
    </message>
    <message>
        <source>Choose the model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>This model is not here any more</source>
        <translation>这个模型已经不在了</translation>
    </message>
    <message>
        <source>not in memory</source>
        <translation>未载入</translation>
    </message>
    <message>
        <source>loading {percent}</source>
        <translation>载入中 {percent}</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>crashed; it starts again with the next message</source>
        <translation>已崩溃，发送下一条消息时会重新启动</translation>
    </message>
    <message>
        <source>No model is here yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Settings of this model …</source>
        <translation>这个模型的设置…</translation>
    </message>
    <message>
        <source>Unload {name}</source>
        <translation>卸载 {name}</translation>
    </message>
    <message>
        <source>Get the starter model …</source>
        <translation>获取入门模型…</translation>
    </message>
    <message>
        <source>This build computes on the processor only</source>
        <translation>此版本只使用处理器计算</translation>
    </message>
    <message>
        <source>No graphics card is seen</source>
        <translation>没有发现显卡</translation>
    </message>
    <message>
        <source>Graphics: {cards}</source>
        <translation>显卡：{cards}</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
</context>
<context>
    <name>ModelSettingsDialog</name>
    <message>
        <source>It fits.</source>
        <translation>内存足够。</translation>
    </message>
    <message>
        <source>It does not fit: there is not enough free memory.</source>
        <translation>可用内存不足，放不下。</translation>
    </message>
    <message>
        <source>Nobody knows whether it fits.</source>
        <translation>无法判断内存是否足够。</translation>
    </message>
    <message>
        <source>Settings of {name}</source>
        <translation>{name} 的设置</translation>
    </message>
    <message>
        <source>These hold for {name} alone.</source>
        <translation>这些设置只对 {name} 有效。</translation>
    </message>
    <message>
        <source>General values</source>
        <translation>使用通用值</translation>
    </message>
    <message>
        <source>Take what holds for all models</source>
        <translation>采用对所有模型都有效的值</translation>
    </message>
    <message>
        <source>Apply and reload</source>
        <translation>应用并重新载入</translation>
    </message>
    <message>
        <source>Apply and load</source>
        <translation>应用并载入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>NoModel</name>
    <message>
        <source>First, a model</source>
        <translation>先准备一个模型</translation>
    </message>
    <message>
        <source>Teahouse runs language models on this computer. Nothing you write leaves it.</source>
        <translation>茶馆在这台电脑上运行语言模型，你写的内容不会离开这里。</translation>
    </message>
    <message>
        <source>You have a GGUF file already? Put it into {folder}.</source>
        <translation>已经有 GGUF 文件？把它放进 {folder}。</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>{name}
{size} · licence {licence} · {languages}
Comes from {sources}</source>
        <translation>{name}
{size} · 许可证 {licence} · {languages}
来源：{sources}</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Get the starter model</source>
        <translation>获取入门模型</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭这条通知</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Reading the conversations</source>
        <translation>读取对话列表</translation>
    </message>
    <message>
        <source>Opening the conversation</source>
        <translation>打开对话</translation>
    </message>
    <message>
        <source>Starting a conversation</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Renaming the conversation</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Keeping the draft</source>
        <translation>保存草稿</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Answering again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Showing another version</source>
        <translation>切换版本</translation>
    </message>
    <message>
        <source>Looking for models</source>
        <translation>查找模型</translation>
    </message>
    <message>
        <source>Choosing the model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>载入模型</translation>
    </message>
    <message>
        <source>Unloading the model</source>
        <translation>卸载模型</translation>
    </message>
    <message>
        <source>Getting a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>The plugin {name} {what}.</source>
        <translation>插件 {name} {what}。</translation>
    </message>
    <message>
        <source>Looking for problems</source>
        <translation>检查问题</translation>
    </message>
    <message>
        <source>Keeping the theme</source>
        <translation>保存主题</translation>
    </message>
    <message>
        <source>Keeping the language</source>
        <translation>保存语言</translation>
    </message>
    <message>
        <source>Looking at this machine</source>
        <translation>检查本机</translation>
    </message>
    <message>
        <source>Reading the settings of a model</source>
        <translation>读取模型设置</translation>
    </message>
    <message>
        <source>Loading the model with its settings</source>
        <translation>按设置载入模型</translation>
    </message>
    <message>
        <source>Pinning a message</source>
        <translation>固定消息</translation>
    </message>
    <message>
        <source>Keeping the choice</source>
        <translation>保存选项</translation>
    </message>
    <message>
        <source>Counting what would be sent</source>
        <translation>统计将发送的词元数</translation>
    </message>
    <message>
        <source>Looking at what would be sent</source>
        <translation>查看将发送的内容</translation>
    </message>
    <message>
        <source>What was sent for this reply has not been kept.</source>
        <translation>没有保存为这条回复发送的内容。</translation>
    </message>
    <message>
        <source>Reading what was sent</source>
        <translation>读取已发送的内容</translation>
    </message>
    <message>
        <source>What was sent is kept as numbers that only {model} can spell out.</source>
        <translation>已发送的内容以编号保存，只有 {model} 能还原成文字。</translation>
    </message>
    <message>
        <source>Choose this model and bring it into memory, then look again.</source>
        <translation>请选择并载入这个模型，然后再次查看。</translation>
    </message>
</context>
<context>
    <name>PanelHost</name>
    <message>
        <source>Close the panel</source>
        <translation>关闭面板</translation>
    </message>
    <message>
        <source>could not show its panel: {error}</source>
        <translation>无法显示面板：{error}</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>What was sent</source>
        <translation>已发送的内容</translation>
    </message>
    <message>
        <source>What is sent</source>
        <translation>将发送的内容</translation>
    </message>
    <message>
        <source>Show spaces and line ends</source>
        <translation>显示空格和换行符</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>{model}: {count} of {total} tokens. Control tokens are marked.</source>
        <translation>{model}：{count} / {total} 词元。控制词元已标出。</translation>
    </message>
    <message>
        <source>{model}: {count} tokens. Control tokens are marked.</source>
        <translation>{model}：{count} 个词元。控制词元已标出。</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Replies</name>
    <message>
        <source>Waits until another reply has ended …</source>
        <translation>等待另一条回复结束…</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>Loading the model … {percent}</source>
        <translation>正在载入模型… {percent}</translation>
    </message>
    <message>
        <source>Thinking …</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Reading the conversation … {percent}</source>
        <translation>正在阅读对话… {percent}</translation>
    </message>
    <message>
        <source>Summarising earlier messages … {percent}</source>
        <translation>正在概括较早的消息… {percent}</translation>
    </message>
    <message>
        <source>Writing …</source>
        <translation>正在书写…</translation>
    </message>
</context>
<context>
    <name>RowDelegate</name>
    <message>
        <source>Title of the conversation</source>
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New conversation ({shortcut})</source>
        <translation>新对话（{shortcut}）</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Your conversations will be listed here. They stay on this computer.</source>
        <translation>对话会列在这里，只保存在这台电脑上。</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Show or hide the conversations (Ctrl+B)</source>
        <translation>显示或隐藏对话列表（Ctrl+B）</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>no description</source>
        <translation>没有说明</translation>
    </message>
    <message>
        <source>[Image: {words}]</source>
        <translation>[图片：{words}]</translation>
    </message>
    <message>
        <source>Copy selection</source>
        <translation>复制所选内容</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Open link …</source>
        <translation>打开链接…</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy code block {number}</source>
        <translation>复制第 {number} 段代码</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到末尾</translation>
    </message>
    <message>
        <source>The reply failed.</source>
        <translation>回复失败。</translation>
    </message>
    <message>
        <source>This reply was interrupted. What had arrived is kept.</source>
        <translation>这条回复中断了，已写出的部分保留了下来。</translation>
    </message>
    <message>
        <source>Stopped while the model was thinking.</source>
        <translation>模型还在思考时就停止了。</translation>
    </message>
    <message>
        <source>The model thought and ended its reply without an answer.</source>
        <translation>模型思考之后，没有给出回答就结束了回复。</translation>
    </message>
    <message>
        <source>Stopped before the first word.</source>
        <translation>还没写出第一个字就停止了。</translation>
    </message>
    <message>
        <source>The model ended its reply without a word.</source>
        <translation>模型没有写出任何内容就结束了回复。</translation>
    </message>
    <message>
        <source>Thinking …</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Thinking … {duration}</source>
        <translation>正在思考… {duration}</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thought for {duration}</source>
        <translation>思考了 {duration}</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} 分 {seconds} 秒</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>always sent</source>
        <translation>始终发送</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>ends here because the context is full</source>
        <translation>上下文已满，回复到此为止</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个词元</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation>{rate} 词元/秒</translation>
    </message>
    <message>
        <source>first token after {seconds} s</source>
        <translation>首个词元 {seconds} 秒</translation>
    </message>
    <message>
        <source>{count} of {total} prompt tokens reused</source>
        <translation>提示 {total} 个词元中复用 {count} 个</translation>
    </message>
    <message>
        <source>cut at the longest reply</source>
        <translation>达到长度上限而截断</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Choose a format</source>
        <translation>选择对话格式</translation>
    </message>
    <message>
        <source>Pin: always send this message</source>
        <translation>固定：始终发送这条消息</translation>
    </message>
    <message>
        <source>Do not pin this message any more</source>
        <translation>取消固定这条消息</translation>
    </message>
    <message>
        <source>Show what was sent</source>
        <translation>查看已发送的内容</translation>
    </message>
    <message>
        <source>Show the reasoning</source>
        <translation>显示思考过程</translation>
    </message>
    <message>
        <source>Hide the reasoning</source>
        <translation>隐藏思考过程</translation>
    </message>
    <message>
        <source>Copy the reasoning</source>
        <translation>复制思考过程</translation>
    </message>
    <message>
        <source>Go to the first message that was not sent</source>
        <translation>转到第一条未发送的消息</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What is on your mind?</source>
        <translation>想聊点什么？</translation>
    </message>
    <message>
        <source>The model runs on this computer. What you write stays here.</source>
        <translation>模型在这台电脑上运行，你写的内容只留在这里。</translation>
    </message>
    <message>
        <source>Explain how a hash table works, with a short Python example.</source>
        <translation>解释一下哈希表的原理，并给一个简短的 Python 例子。</translation>
    </message>
    <message>
        <source>Write a polite e-mail that asks to move a meeting to Thursday.</source>
        <translation>写一封礼貌的邮件，请对方把会议改到周四。</translation>
    </message>
    <message>
        <source>Suggest three quiet places to visit in Hangzhou in spring.</source>
        <translation>推荐三个春天适合去的、杭州的清静地方。</translation>
    </message>
    <message>
        <source>Example: {text}</source>
        <translation>示例：{text}</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Teahouse</source>
        <translation>茶馆</translation>
    </message>
</context>
</TS>
