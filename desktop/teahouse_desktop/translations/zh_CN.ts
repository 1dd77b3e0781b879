<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AddModelDialog</name>
    <message>
        <source>Comparing: {done} of {total}</source>
        <translation>正在比对：{done} / {total}</translation>
    </message>
    <message>
        <source>Copying: {done} of {total}</source>
        <translation>正在复制：{done} / {total}</translation>
    </message>
    <message>
        <source>Add a GGUF file</source>
        <translation>添加 GGUF 文件</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>What the model is called here</source>
        <translation>模型在这里的名称</translation>
    </message>
    <message>
        <source>Copy it into the models folder</source>
        <translation>复制到模型文件夹</translation>
    </message>
    <message>
        <source>Otherwise it is linked: nothing is copied, and the file must stay where it is.</source>
        <translation>不勾选则只创建链接：不复制文件，原文件须留在原处。</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256 校验值</translation>
    </message>
    <message>
        <source>not needed</source>
        <translation>可不填</translation>
    </message>
    <message>
        <source>SHA-256 that the file must have</source>
        <translation>文件应有的 SHA-256 校验值</translation>
    </message>
    <message>
        <source>Where you got the file its SHA-256 may be shown. It is then added only if it is the same.</source>
        <translation>下载文件的地方可能给出了 SHA-256。填写后，只有与文件相同时才会添加。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>Attaching</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>not seen by the model</source>
        <translation>模型看不到</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个词元</translation>
    </message>
    <message>
        <source>Attached: {names}</source>
        <translation>附件：{names}</translation>
    </message>
    <message>
        <source>“{name}” could not be saved ({reason}).</source>
        <translation>无法保存“{name}”（{reason}）。</translation>
    </message>
    <message>
        <source>Choose another folder or name.</source>
        <translation>请换一个文件夹或名称。</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>查看 {name}</translation>
    </message>
</context>
<context>
    <name>BranchDesk</name>
    <message>
        <source>This is a copy. The conversation that it branches from is as it was.</source>
        <translation>这是一份副本，原来的对话没有改动。</translation>
    </message>
    <message>
        <source>Deleted messages: {count}. They are in the trash for 30 days.</source>
        <translation>已删除 {count} 条消息，在回收站中保留 30 天。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>CareTaker</name>
    <message>
        <source>The file with your conversations is damaged ({reason}).</source>
        <translation>保存对话的文件已损坏（{reason}）。</translation>
    </message>
    <message>
        <source>Choose “Backups and restoring” in the menu Help to save what can be read.</source>
        <translation>请在“帮助”菜单中选择“备份与恢复”，抢救还能读取的内容。</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>{name}: {y} at {across} {x}</source>
        <translation>{name}：{across} {x} 处为 {y}</translation>
    </message>
    <message>
        <source>{name}: from {first} to {last}, lowest {least}, {count} points</source>
        <translation>{name}：从 {first} 到 {last}，最低 {least}，共 {count} 个点</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>How much room is on the disk is not known.</source>
        <translation>无法得知磁盘的剩余空间。</translation>
    </message>
    <message>
        <source>Room for models: {size}</source>
        <translation>可存放模型的空间：{size}</translation>
    </message>
    <message>
        <source>Make room, or let models lie on another disk.</source>
        <translation>请腾出空间，或把模型放到另一个磁盘上。</translation>
    </message>
    <message>
        <source>The engine computes on this machine.</source>
        <translation>引擎可以在这台电脑上运行。</translation>
    </message>
    <message>
        <source>The engine computes on this machine, in a safer and slower way.</source>
        <translation>引擎可以在这台电脑上以更稳妥但较慢的方式运行。</translation>
    </message>
    <message>
        <source>it did not say why</source>
        <translation>没有给出原因</translation>
    </message>
    <message>
        <source>The engine does not work on this machine: {reason}</source>
        <translation>引擎无法在这台电脑上运行：{reason}</translation>
    </message>
    <message>
        <source>A model can be fetched but not used. The report of “teahouse doctor” tells more.</source>
        <translation>可以下载模型，但无法使用。详情见“teahouse doctor”的报告。</translation>
    </message>
    <message>
        <source>No graphics card is used: this engine computes on the processor.</source>
        <translation>不使用显卡：这个引擎由处理器计算。</translation>
    </message>
    <message>
        <source>No graphics card was found: the processor computes.</source>
        <translation>没有找到显卡：由处理器计算。</translation>
    </message>
    <message>
        <source>Graphics card: {names}</source>
        <translation>显卡：{names}</translation>
    </message>
    <message>
        <source>Small models answer well without one.</source>
        <translation>小模型没有显卡也能很好地回答。</translation>
    </message>
    <message>
        <source>How much memory is free is not known.</source>
        <translation>无法得知可用内存。</translation>
    </message>
    <message>
        <source>Memory: {free} free</source>
        <translation>内存：可用 {free}</translation>
    </message>
    <message>
        <source>Memory: {free} of {total} free</source>
        <translation>内存：共 {total}，可用 {free}</translation>
    </message>
    <message>
        <source>Close other programs, or choose the smallest model.</source>
        <translation>请关闭其他程序，或选择最小的模型。</translation>
    </message>
    <message>
        <source>Models run in a process that cannot reach the network.</source>
        <translation>模型在无法访问网络的进程中运行。</translation>
    </message>
    <message>
        <source>Models run in a process of their own.</source>
        <translation>模型在独立的进程中运行。</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>being looked at</source>
        <translation>正在检查</translation>
    </message>
</context>
<context>
    <name>ColourField</name>
    <message>
        <source>“{text}” is no colour.</source>
        <translation>“{text}”不是颜色。</translation>
    </message>
    <message>
        <source>Write it as #rrggbb, such as #2d7252, or choose one.</source>
        <translation>请写成 #rrggbb 的形式，例如 #2d7252，或直接选取颜色。</translation>
    </message>
</context>
<context>
    <name>ColourRow</name>
    <message>
        <source>Choose a colour</source>
        <translation>选取颜色</translation>
    </message>
    <message>
        <source>Shown as {colour}, so that it can be told from the background.</source>
        <translation>显示为 {colour}，以便与背景区分。</translation>
    </message>
    <message>
        <source>Shown as {colour}: a medium colour leaves no room for text.</source>
        <translation>显示为 {colour}：中等亮度的背景上看不清文字。</translation>
    </message>
    <message>
        <source>Shown as {colour}, so that it can be read.</source>
        <translation>显示为 {colour}，以便看清。</translation>
    </message>
</context>
<context>
    <name>CommandDialog</name>
    <message>
        <source>{name} is missing.</source>
        <translation>缺少 {name}。</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>It is running …</source>
        <translation>正在运行…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>已完成。</translation>
    </message>
    <message>
        <source>Done; there is nothing to show.</source>
        <translation>已完成，没有可显示的结果。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Plugin {name} · teahouse {path}</source>
        <translation>插件 {name} · teahouse {path}</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>As JSON</source>
        <translation>以 JSON 显示</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>CompareDesk</name>
    <message>
        <source>A reply is being made in this conversation.</source>
        <translation>这段对话正在生成回复。</translation>
    </message>
    <message>
        <source>Two models can be asked when it has ended.</source>
        <translation>回复结束后即可进行对比。</translation>
    </message>
    <message>
        <source>An earlier message is being edited.</source>
        <translation>正在修改之前的消息。</translation>
    </message>
    <message>
        <source>Two models can be asked when it is sent or cancelled.</source>
        <translation>发送或取消修改后即可进行对比。</translation>
    </message>
    <message>
        <source>Two replies to the same question are being made, one after the other.</source>
        <translation>正在依次生成同一问题的两条回复。</translation>
    </message>
    <message>
        <source>Show both</source>
        <translation>查看两条回复</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>A and B are the same: the replies would be the same.</source>
        <translation>A 与 B 完全相同，回复也会一样。</translation>
    </message>
    <message>
        <source>A seed is a whole number up to {greatest}, or nothing.</source>
        <translation>随机种子应为不超过 {greatest} 的整数，也可留空。</translation>
    </message>
    <message>
        <source>Ask two models or settings</source>
        <translation>对比两个模型或两种设置</translation>
    </message>
    <message>
        <source>This question is asked again. The replies become versions of its reply.</source>
        <translation>这个问题会重新提问，两条回复都会成为原回复的版本。</translation>
    </message>
    <message>
        <source>The question is asked twice. The replies become two versions of one reply.</source>
        <translation>问题会提问两次，两条回复成为同一回复的两个版本。</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What both are asked</source>
        <translation>向两者提出的问题</translation>
    </message>
    <message>
        <source>A answers first, then B: one model is in memory at a time. The conversation&apos;s own model and settings stay as they are.</source>
        <translation>A 先回答，B 后回答：内存中同时只有一个模型。对话原有的模型和设置不变。</translation>
    </message>
    <message>
        <source>Ask another question</source>
        <translation>换一个问题</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Ask both</source>
        <translation>开始对比</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Two replies to the same question</source>
        <translation>同一问题的两条回复</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>都保留</translation>
    </message>
    <message>
        <source>Neither is better: both stay as versions of one reply.</source>
        <translation>不分优劣：两条都作为同一回复的版本保留。</translation>
    </message>
    <message>
        <source>One model is in memory at a time: B is asked when A has ended.</source>
        <translation>内存中同时只有一个模型：A 结束后再向 B 提问。</translation>
    </message>
    <message>
        <source>The reply that you go on with is marked as the best; the other stays as a version.</source>
        <translation>选用的回复会标为最佳版本，另一条仍作为版本保留。</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Write a message. Enter sends, Shift+Enter starts a new line.</source>
        <translation>写点什么。Enter 发送，Shift+Enter 换行。</translation>
    </message>
    <message>
        <source>Write the next message. Enter lets it wait.</source>
        <translation>写下一条消息。按 Enter 后先排队等待。</translation>
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
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Add text files or pictures. They can also be dropped or pasted here.</source>
        <translation>添加文本文件或图片，也可以拖放或粘贴到这里。</translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation>取消修改</translation>
    </message>
    <message>
        <source>Cancel editing (Esc)</source>
        <translation>取消修改（Esc）</translation>
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
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Texts that are kept to be used again</source>
        <translation>保存下来、可以反复使用的文字</translation>
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
    <name>ControlRow</name>
    <message>
        <source>For this conversation</source>
        <translation>用于这段对话</translation>
    </message>
</context>
<context>
    <name>Conversations</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已置顶</translation>
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
    <name>DetailsDesk</name>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
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
        <source>Server: {name}</source>
        <translation>服务器：{name}</translation>
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
    <name>DoctorDesk</name>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
</context>
<context>
    <name>DoctorPage</name>
    <message>
        <source>About and diagnosis</source>
        <translation>关于与诊断</translation>
    </message>
    <message>
        <source>Chat with language models on your own computer.</source>
        <translation>在自己的电脑上与语言模型对话。</translation>
    </message>
    <message>
        <source>Licence: Apache-2.0. Icons: Lucide (ISC). Typeface: Inter (OFL).</source>
        <translation>许可证：Apache-2.0。图标：Lucide（ISC）。字体：Inter（OFL）。</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>What was found on this machine</source>
        <translation>本机的检查结果</translation>
    </message>
    <message>
        <source>The last lines of the log</source>
        <translation>日志的最后几行</translation>
    </message>
    <message>
        <source>Copy all for a bug report</source>
        <translation>复制全部，用于报告问题</translation>
    </message>
    <message>
        <source>Copy the log</source>
        <translation>复制日志</translation>
    </message>
    <message>
        <source>Open its folder</source>
        <translation>打开所在文件夹</translation>
    </message>
    <message>
        <source>The engine works on this machine.</source>
        <translation>引擎在本机可以正常工作。</translation>
    </message>
    <message>
        <source>The engine does not work on this machine: {reason}</source>
        <translation>引擎在本机无法工作：{reason}</translation>
    </message>
    <message>
        <source>it was not tried.</source>
        <translation>尚未试过。</translation>
    </message>
    <message>
        <source>It holds no text of conversations.</source>
        <translation>其中不含对话的文字。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
</context>
<context>
    <name>DownloadDesk</name>
    <message>
        <source>{name}: {progress}</source>
        <translation>{name}：{progress}</translation>
    </message>
    <message>
        <source>“{name}” is here.</source>
        <translation>“{name}”已就绪。</translation>
    </message>
</context>
<context>
    <name>DownloadPart</name>
    <message>
        <source>{name} has arrived.</source>
        <translation>{name} 已下载完成。</translation>
    </message>
    <message>
        <source>Use in this conversation</source>
        <translation>用于这段对话</translation>
    </message>
    <message>
        <source>Allow downloads …</source>
        <translation>允许下载…</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>It is on this computer.</source>
        <translation>已在这台电脑上。</translation>
    </message>
    <message>
        <source>{done} of {total} have arrived and are kept.</source>
        <translation>已下载 {done}，共 {total}，会保留下来。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Download ({size})</source>
        <translation>下载（{size}）</translation>
    </message>
</context>
<context>
    <name>Downloads</name>
    <message>
        <source>waits until the one before it is done</source>
        <translation>等待前一个下载完成</translation>
    </message>
    <message>
        <source>begins …</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>looks at what is here already …</source>
        <translation>正在检查已有的部分…</translation>
    </message>
    <message>
        <source>compares the file with its hash …</source>
        <translation>正在校验文件…</translation>
    </message>
</context>
<context>
    <name>ExchangeDesk</name>
    <message>
        <source>What is listed: {count}</source>
        <translation>当前列出的对话：{count}</translation>
    </message>
    <message>
        <source>All conversations: {count}</source>
        <translation>全部对话：{count}</translation>
    </message>
    <message>
        <source>Stopped. What had been imported stays.</source>
        <translation>已停止，已经导入的对话会保留。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>已停止，没有写入任何内容。</translation>
    </message>
</context>
<context>
    <name>ExchangeDialog</name>
    <message>
        <source>{count}: {title}</source>
        <translation>{count}：{title}</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Some things were left out:</source>
        <translation>以下内容已略去：</translation>
    </message>
    <message>
        <source>{what} ({count}): {why}</source>
        <translation>{what}（{count}）：{why}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What was left out</source>
        <translation>略去的内容</translation>
    </message>
    <message>
        <source>Exported: {count}.</source>
        <translation>已导出 {count} 段对话。</translation>
    </message>
    <message>
        <source>Exported: {count}, to {path}</source>
        <translation>已导出 {count} 段对话到 {path}</translation>
    </message>
    <message>
        <source>Imported: {count}.</source>
        <translation>已导入 {count} 段对话。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>There are files in “{folder}” already.</source>
        <translation>“{folder}”中已有文件。</translation>
    </message>
    <message>
        <source>Those with the name of an exported conversation are replaced, the others stay.</source>
        <translation>与导出的对话同名的文件会被替换，其他文件保留。</translation>
    </message>
    <message>
        <source>Export here</source>
        <translation>导出到这里</translation>
    </message>
    <message>
        <source>Export conversations</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>As</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
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
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>as the window</source>
        <translation>与窗口相同</translation>
    </message>
    <message>
        <source>as the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>high contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>own colours</source>
        <translation>自定义颜色</translation>
    </message>
    <message>
        <source>comfortable</source>
        <translation>宽松</translation>
    </message>
    <message>
        <source>compact</source>
        <translation>紧凑</translation>
    </message>
    <message>
        <source>send nothing</source>
        <translation>不发送</translation>
    </message>
    <message>
        <source>leave out the oldest messages</source>
        <translation>略去最早的消息</translation>
    </message>
    <message>
        <source>replace old messages by a summary</source>
        <translation>用摘要代替较早的消息</translation>
    </message>
    <message>
        <source>by the model</source>
        <translation>由模型起标题</translation>
    </message>
    <message>
        <source>from the first words</source>
        <translation>取开头的几个词</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>FileDesk</name>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>A message carries {count} files at most.</source>
        <translation>一条消息最多带 {count} 个文件。</translation>
    </message>
    <message>
        <source>Send the others with the next message.</source>
        <translation>其余的请放到下一条消息中发送。</translation>
    </message>
</context>
<context>
    <name>FileDialog</name>
    <message>
        <source>Only the beginning is shown; saving writes all of it.</source>
        <translation>这里只显示开头，保存时会写出全部内容。</translation>
    </message>
    <message>
        <source>Its text is not known here; it can be saved.</source>
        <translation>这里无法显示它的文字，但可以保存。</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>This picture cannot be shown: it is damaged, too large, or of an unknown kind.</source>
        <translation>无法显示这张图片：已损坏、过大或类型未知。</translation>
    </message>
</context>
<context>
    <name>FileRow</name>
    <message>
        <source>reads its header …</source>
        <translation>正在读取文件头…</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>精确检查</translation>
    </message>
    <message>
        <source>It cannot be used: {reason}.</source>
        <translation>无法使用：{reason}。</translation>
    </message>
    <message>
        <source>Reads the first megabytes of the file, so that the verdict is exact</source>
        <translation>读取文件开头的几 MB，使判断更准确</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>message {number} of {count}</source>
        <translation>第 {number} 条消息，共 {count} 条</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Previous place</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Next place</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>在这段对话中查找</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>First steps</source>
        <translation>开始使用</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>第 {number} 步，共 {count} 步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Start chatting</source>
        <translation>开始聊天</translation>
    </message>
    <message>
        <source>To the chat</source>
        <translation>前往对话</translation>
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
    <name>FolderDesk</name>
    <message>
        <source>A model is on its way into the folder in use. Wait until it is there, or stop the download; then choose another folder.</source>
        <translation>有模型正在下载到当前文件夹。请等它完成或停止下载，再选择其他文件夹。</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Folder of models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>GallerySection</name>
    <message>
        <source>asks {host} …</source>
        <translation>正在查询 {host}…</translation>
    </message>
    <message>
        <source>Search the gallery</source>
        <translation>搜索插件库</translation>
    </message>
    <message>
        <source>Look for more at {host}</source>
        <translation>在 {host} 查找更多</translation>
    </message>
    <message>
        <source>Plugins of the gallery</source>
        <translation>插件库中的插件</translation>
    </message>
    <message>
        <source>{count} plugins</source>
        <translation>{count} 个插件</translation>
    </message>
    <message>
        <source>1 plugin</source>
        <translation>1 个插件</translation>
    </message>
    <message>
        <source>The gallery has nothing with these words.</source>
        <translation>插件库中没有符合这些词的插件。</translation>
    </message>
    <message>
        <source>What is in the gallery is known once {host} is asked.</source>
        <translation>查询 {host} 之后才知道插件库中有什么。</translation>
    </message>
    <message>
        <source>The gallery that came with Teahouse has no further plugin yet. Another one can be named in the settings.</source>
        <translation>茶馆自带的插件库目前没有其他插件。可以在设置中指定另一个插件库。</translation>
    </message>
</context>
<context>
    <name>GlobalShortcut</name>
    <message>
        <source>Quick ask</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>In use: {keys} works in every program.</source>
        <translation>已生效：在任何程序中都可以按 {keys}。</translation>
    </message>
    <message>
        <source>Another program has {keys}. Choose other keys, or take them from that program first.</source>
        <translation>{keys} 已被另一个程序占用。请选择其他按键，或先在那个程序中取消。</translation>
    </message>
    <message>
        <source>{keys} cannot be had in every program. Choose other keys.</source>
        <translation>{keys} 无法在所有程序中使用。请选择其他按键。</translation>
    </message>
    <message>
        <source>The command “teahouse quick” opens it too, for keys bound in the desktop&apos;s own settings.</source>
        <translation>命令“teahouse quick”也能打开它，可以在桌面的键盘设置中为它指定按键。</translation>
    </message>
    <message>
        <source>The desktop is being asked …</source>
        <translation>正在向桌面请求…</translation>
    </message>
    <message>
        <source>The desktop has not given the keys. Choose them again to ask once more, or bind the command “teahouse quick” in the desktop&apos;s keyboard settings.</source>
        <translation>桌面没有批准这组按键。请重新选择以再次请求，或在桌面的键盘设置中为命令“teahouse quick”指定按键。</translation>
    </message>
    <message>
        <source>This desktop lets no program take keys. Bind the command “teahouse quick” to keys in the desktop&apos;s keyboard settings.</source>
        <translation>这个桌面不允许程序占用按键。请在桌面的键盘设置中为命令“teahouse quick”指定按键。</translation>
    </message>
</context>
<context>
    <name>HitDelegate</name>
    <message>
        <source>Title of the conversation</source>
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>Hits</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>HubSection</name>
    <message>
        <source>asks {host} …</source>
        <translation>正在查询 {host}…</translation>
    </message>
    <message>
        <source>Search Hugging Face</source>
        <translation>搜索 Hugging Face</translation>
    </message>
    <message>
        <source>When you press the button, the words go to {host}, and nothing else of yours. Anybody can put files there; each download is compared with the hash that is stated there.</source>
        <translation>按下按钮后，只有搜索的词会发送到 {host}。任何人都可以在那里发布文件；每次下载都会与那里给出的校验值比对。</translation>
    </message>
    <message>
        <source>Name of a model, a maker, a language …</source>
        <translation>模型、发布者、语言的名称…</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer or other words.</source>
        <translation>没有找到结果。请减少或更换搜索的词。</translation>
    </message>
    <message>
        <source>1 repository was found.</source>
        <translation>找到 1 个仓库。</translation>
    </message>
    <message>
        <source>{count} repositories were found.</source>
        <translation>找到 {count} 个仓库。</translation>
    </message>
    <message>
        <source>Repositories that were found</source>
        <translation>找到的仓库</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Conversations</source>
        <translation>对话文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Files of Teahouse (JSON), ChatGPT, Open WebUI, ShareGPT and OpenAI&apos;s messages can be read. What is here already stays as it is.</source>
        <translation>可以读取茶馆（JSON）、ChatGPT、Open WebUI、ShareGPT 和 OpenAI 消息格式的文件。已有的对话保持不变。</translation>
    </message>
    <message>
        <source>This file is my own export</source>
        <translation>这是我自己导出的文件</translation>
    </message>
    <message>
        <source>Then its settings and sources are taken over too. Leave this unchecked for files of others: their texts are marked as not yours.</source>
        <translation>勾选后，文件中的设置和来源也会一并采用。别人的文件请不要勾选：其中的文字会标记为不是你的。</translation>
    </message>
    <message>
        <source>Choose files …</source>
        <translation>选择文件…</translation>
    </message>
</context>
<context>
    <name>InstallDesk</name>
    <message>
        <source>Choose a plugin</source>
        <translation>选择插件</translation>
    </message>
    <message>
        <source>Plugins (*.whl)</source>
        <translation>插件 (*.whl)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Remove a plugin</source>
        <translation>移除插件</translation>
    </message>
    <message>
        <source>Remove {name} {version}?</source>
        <translation>要移除 {name} {version} 吗？</translation>
    </message>
    <message>
        <source>It stops at once. Its settings stay.</source>
        <translation>它会立即停止运行，它的设置会保留。</translation>
    </message>
    <message>
        <source>Also delete its data and settings ({size})</source>
        <translation>同时删除它的数据和设置（{size}）</translation>
    </message>
    <message>
        <source>Goes with it, because nothing else needs it: {names}</source>
        <translation>一并移除的、不再需要的包：{names}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>InstallDialog</name>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>{name} {version} is installed.</source>
        <translation>{name} {version} 已安装。</translation>
    </message>
    <message>
        <source>The earlier version runs until Teahouse is started again.</source>
        <translation>重新启动茶馆之前，仍运行原来的版本。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>已停止，没有改动任何内容。</translation>
    </message>
    <message>
        <source>Install a plugin</source>
        <translation>安装插件</translation>
    </message>
    <message>
        <source>This plugin runs with your full rights: it can do whatever you can do on this computer.</source>
        <translation>这个插件以你的全部权限运行：你在这台电脑上能做的，它都能做。</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Start Teahouse again</source>
        <translation>重新启动茶馆</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>简介</translation>
    </message>
</context>
<context>
    <name>JudgeDesk</name>
    <message>
        <source>Note on this reply</source>
        <translation>对这条回复的备注</translation>
    </message>
    <message>
        <source>What is good or bad about it:</source>
        <translation>好在哪里，或者不好在哪里：</translation>
    </message>
</context>
<context>
    <name>KeyButton</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Press the keys …</source>
        <translation>请按下快捷键…</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Legend: {what}</source>
        <translation>图例：{what}</translation>
    </message>
</context>
<context>
    <name>ListDesk</name>
    <message>
        <source>This conversation is in the trash.</source>
        <translation>这段对话在回收站中。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>“{title}” is in the archive.</source>
        <translation>“{title}”已移到归档。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Put “{title}” into the folder:</source>
        <translation>把“{title}”放入文件夹：</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags of “{title}”, with commas between them:</source>
        <translation>“{title}”的标签，用逗号分隔：</translation>
    </message>
</context>
<context>
    <name>MachineStep</name>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>What is here for models, and where they are to lie.</source>
        <translation>这台电脑的条件如何，模型放在哪里。</translation>
    </message>
    <message>
        <source>What models need</source>
        <translation>模型的运行条件</translation>
    </message>
    <message>
        <source>Where models lie</source>
        <translation>模型的存放位置</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>Use the usual folder</source>
        <translation>使用默认文件夹</translation>
    </message>
    <message>
        <source>A drive of the network will do too. Models that lie elsewhere stay there: nothing is moved.</source>
        <translation>也可以使用网络驱动器。其他位置的模型留在原处，不会移动。</translation>
    </message>
    <message>
        <source>Looking at this computer …</source>
        <translation>正在检查这台电脑…</translation>
    </message>
</context>
<context>
    <name>MentionDesk</name>
    <message>
        <source>Files and collections</source>
        <translation>文件和文档集</translation>
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
        <source>&amp;Plugins</source>
        <translation>插件(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>{menu}: {choice}</source>
        <translation>{menu}：{choice}</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Own colours</source>
        <translation>自定义颜色</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>新对话(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Find in this conversation</source>
        <translation>在这段对话中查找(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>搜索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Rename the conversation</source>
        <translation>重命名对话(&amp;R)</translation>
    </message>
    <message>
        <source>Move the conversation to the &amp;trash</source>
        <translation>把对话移到回收站(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Import conversations …</source>
        <translation>导入对话(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Export conversations …</source>
        <translation>导出对话(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>P&amp;lugins</source>
        <translation>插件(&amp;L)</translation>
    </message>
    <message>
        <source>Settin&amp;gs</source>
        <translation>设置(&amp;G)</translation>
    </message>
    <message>
        <source>Quic&amp;k ask</source>
        <translation>快速提问(&amp;K)</translation>
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
        <source>C&amp;ontinue the reply</source>
        <translation>续写回复(&amp;O)</translation>
    </message>
    <message>
        <source>Branch from the &amp;message</source>
        <translation>从这条消息另开分支(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Delete the marked message with what follows</source>
        <translation>删除选中的消息及其后内容(&amp;D)</translation>
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
        <source>&amp;Good reply</source>
        <translation>回复得好(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Bad reply</source>
        <translation>回复得不好(&amp;B)</translation>
    </message>
    <message>
        <source>S&amp;ystem prompt …</source>
        <translation>系统提示词(&amp;Y)…</translation>
    </message>
    <message>
        <source>Insert a p&amp;rompt</source>
        <translation>插入提示词(&amp;R)</translation>
    </message>
    <message>
        <source>Ask &amp;two models or settings …</source>
        <translation>对比两个模型或两种设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;All commands</source>
        <translation>所有命令(&amp;A)</translation>
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
        <source>&amp;Open a conversation beside</source>
        <translation>在旁边打开对话(&amp;O)</translation>
    </message>
    <message>
        <source>Go to the ot&amp;her side</source>
        <translation>转到另一侧(&amp;H)</translation>
    </message>
    <message>
        <source>Close this si&amp;de</source>
        <translation>关闭这一侧(&amp;D)</translation>
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
        <source>&amp;Larger text</source>
        <translation>放大文字(&amp;L)</translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <translation>缩小文字(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Usual text size</source>
        <translation>默认文字大小(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Backups and restoring</source>
        <translation>备份与恢复(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;First steps …</source>
        <translation>开始使用(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;About and diagnosis</source>
        <translation>关于与诊断(&amp;A)</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Models to choose from</source>
        <translation>可选的模型</translation>
    </message>
</context>
<context>
    <name>ModelDesk</name>
    <message>
        <source>Settings of this model …</source>
        <translation>这个模型的设置…</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>Details of {name}</source>
        <translation>{name} 的详情</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>The file has no chat template.</source>
        <translation>文件中没有对话模板。</translation>
    </message>
    <message>
        <source>Check the file</source>
        <translation>校验文件</translation>
    </message>
    <message>
        <source>Reads all of it and compares its SHA-256</source>
        <translation>读取整个文件并比对 SHA-256</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{count} tensors, {size}</source>
        <translation>{count} 个张量，{size}</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Link to</source>
        <translation>链接到</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Its own name</source>
        <translation>文件内名称</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Trained context</source>
        <translation>训练上下文</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>嵌入维度</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表大小</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>ModelFileDesk</name>
    <message>
        <source>Add a GGUF file</source>
        <translation>添加 GGUF 文件</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型文件</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Stopped. Nothing was added.</source>
        <translation>已停止，没有添加任何内容。</translation>
    </message>
    <message>
        <source>“{name}” was added.</source>
        <translation>已添加“{name}”。</translation>
    </message>
    <message>
        <source>Remove the link “{name}”?</source>
        <translation>要移除链接“{name}”吗？</translation>
    </message>
    <message>
        <source>Delete “{name}” for good?</source>
        <translation>要永久删除“{name}”吗？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>The file stays at {path}.</source>
        <translation>文件仍保留在 {path}。</translation>
    </message>
    <message>
        <source>{path} is deleted: {size} become free.</source>
        <translation>将删除 {path}，腾出 {size} 空间。</translation>
    </message>
    <message>
        <source>{path} is deleted; its content stays under another name, so nothing becomes free.</source>
        <translation>将删除 {path}，但其内容仍以另一个名称存在，因此不会腾出空间。</translation>
    </message>
    <message>
        <source>Conversations are kept and can go on with another model. General settings are kept too; what was set for this model alone is forgotten.</source>
        <translation>对话会保留，可以换一个模型继续。通用设置也会保留，只有单独为这个模型所做的设置会清除。</translation>
    </message>
    <message>
        <source>The link was removed; the file stays at {path}.</source>
        <translation>链接已移除，文件仍在 {path}。</translation>
    </message>
    <message>
        <source>{path} was deleted: {size} are free again.</source>
        <translation>已删除 {path}，腾出 {size} 空间。</translation>
    </message>
    <message>
        <source>{path} was deleted.</source>
        <translation>已删除 {path}。</translation>
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
        <source>Add a GGUF file …</source>
        <translation>添加 GGUF 文件…</translation>
    </message>
    <message>
        <source>All models …</source>
        <translation>所有模型…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{name} …</source>
        <translation>{name}…</translation>
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
    <name>ModelStep</name>
    <message>
        <source>A model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>It is what answers you. You can have several, and add others later.</source>
        <translation>由模型来回答你。可以有多个模型，以后也能再添加。</translation>
    </message>
    <message>
        <source>{name}: {progress}</source>
        <translation>{name}：{progress}</translation>
    </message>
    <message>
        <source>I have a GGUF file …</source>
        <translation>我有 GGUF 文件…</translation>
    </message>
    <message>
        <source>A GGUF file can also be dropped anywhere on this window.</source>
        <translation>也可以把 GGUF 文件拖放到窗口的任意位置。</translation>
    </message>
    <message>
        <source>Allow downloads and try again</source>
        <translation>允许下载并重试</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>You can go to the chat: the download goes on meanwhile.</source>
        <translation>现在就可以前往对话，下载会继续进行。</translation>
    </message>
    <message>
        <source>“{name}” is here. You can start.</source>
        <translation>“{name}”已就绪，可以开始了。</translation>
    </message>
    <message>
        <source>{count} models are here. You can start.</source>
        <translation>已有 {count} 个模型，可以开始了。</translation>
    </message>
    <message>
        <source>Looking which models suit this computer …</source>
        <translation>正在查看哪些模型适合这台电脑…</translation>
    </message>
    <message>
        <source>Go on with the download ({kept} of {total} are here)</source>
        <translation>继续下载（已有 {kept}，共 {total}）</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Download ({size})</source>
        <translation>下载（{size}）</translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>German</source>
        <translation>德文</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法文</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙文</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日文</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>韩文</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄文</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>{count} 参数</translation>
    </message>
    <message>
        <source>context {count} tokens</source>
        <translation>上下文 {count} 词元</translation>
    </message>
    <message>
        <source>licence {name}</source>
        <translation>许可证 {name}</translation>
    </message>
    <message>
        <source>fits with a smaller context of {count} tokens</source>
        <translation>上下文缩短到 {count} 词元即可运行</translation>
    </message>
    <message>
        <source>takes about {size} of memory</source>
        <translation>约需 {size} 内存</translation>
    </message>
    <message>
        <source>{host} ({name})</source>
        <translation>{host}（{name}）</translation>
    </message>
    <message>
        <source>the package index that pip is set to ({name})</source>
        <translation>pip 所设的软件包源（{name}）</translation>
    </message>
    <message>
        <source>the package index that pip is set to ({first} … {last})</source>
        <translation>pip 所设的软件包源（{first} … {last}）</translation>
    </message>
    <message>
        <source>, else </source>
        <translation>，或者 </translation>
    </message>
    <message>
        <source>Comes from {places}. Only the request for the file is sent there, nothing of yours.</source>
        <translation>来自 {places}。只会发出获取文件的请求，不会发送你的任何内容。</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a GGUF file …</source>
        <translation>添加 GGUF 文件…</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Another folder …</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>{title} ({count})</source>
        <translation>{title}（{count}）</translation>
    </message>
    <message>
        <source>To download</source>
        <translation>可下载</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face 搜索</translation>
    </message>
    <message>
        <source>Models take {size}</source>
        <translation>模型占用 {size}</translation>
    </message>
    <message>
        <source>{size} free on this disk</source>
        <translation>磁盘剩余 {size}</translation>
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
        <source>You have a GGUF file already? Add it, drop it on this window, or put it into {folder}.</source>
        <translation>已经有 GGUF 文件？可以在这里添加、拖到窗口中，或放进 {folder}。</translation>
    </message>
    <message>
        <source>Add a GGUF file …</source>
        <translation>添加 GGUF 文件…</translation>
    </message>
    <message>
        <source>First steps …</source>
        <translation>开始使用…</translation>
    </message>
    <message>
        <source>Use the usual folder</source>
        <translation>使用默认文件夹</translation>
    </message>
    <message>
        <source>Allow downloads and try again</source>
        <translation>允许下载并重试</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>The folder of models is out of reach</source>
        <translation>找不到模型文件夹</translation>
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
        <source>{size} have arrived already and are kept.</source>
        <translation>已下载 {size}，会保留下来。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Get the starter model</source>
        <translation>获取入门模型</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭这条通知</translation>
    </message>
    <message>
        <source>Do what the notice offers</source>
        <translation>执行通知中的操作</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>recommended for this computer</source>
        <translation>推荐用于这台电脑</translation>
    </message>
    <message>
        <source>Came with Teahouse.</source>
        <translation>茶馆自带。</translation>
    </message>
    <message>
        <source>There is no version for this version of Teahouse.</source>
        <translation>没有适合当前茶馆版本的版本。</translation>
    </message>
    <message>
        <source>Version {version} is here.</source>
        <translation>已安装版本 {version}。</translation>
    </message>
    <message>
        <source>Get it from {host} …</source>
        <translation>从 {host} 获取…</translation>
    </message>
    <message>
        <source>Get the newer version …</source>
        <translation>获取新版本…</translation>
    </message>
    <message>
        <source>Install …</source>
        <translation>安装…</translation>
    </message>
</context>
<context>
    <name>OfferSection</name>
    <message>
        <source>Looking which of them fit this computer …</source>
        <translation>正在查看哪些适合这台电脑…</translation>
    </message>
    <message>
        <source>Models to download</source>
        <translation>可下载的模型</translation>
    </message>
</context>
<context>
    <name>OfflineBar</name>
    <message>
        <source>Teahouse is set to stay offline: nothing is downloaded or searched.</source>
        <translation>茶馆已设为保持离线：不会下载，也不会联网搜索。</translation>
    </message>
    <message>
        <source>Change that …</source>
        <translation>更改…</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Reading the conversations</source>
        <translation>读取对话列表</translation>
    </message>
    <message>
        <source>Pinning the conversation</source>
        <translation>置顶对话</translation>
    </message>
    <message>
        <source>Archiving the conversation</source>
        <translation>归档对话</translation>
    </message>
    <message>
        <source>Moving the conversation</source>
        <translation>移动对话</translation>
    </message>
    <message>
        <source>Tagging the conversation</source>
        <translation>设置对话的标签</translation>
    </message>
    <message>
        <source>Keeping the system prompt</source>
        <translation>保存系统提示词</translation>
    </message>
    <message>
        <source>Moving the conversation to the trash</source>
        <translation>把对话移到回收站</translation>
    </message>
    <message>
        <source>Restoring the conversation</source>
        <translation>还原对话</translation>
    </message>
    <message>
        <source>Deleting the conversation</source>
        <translation>删除对话</translation>
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
        <source>Reading the details of a model</source>
        <translation>读取模型详情</translation>
    </message>
    <message>
        <source>Checking the file of a model</source>
        <translation>校验模型文件</translation>
    </message>
    <message>
        <source>Searching for models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Asking for the files of a model</source>
        <translation>查询模型的文件</translation>
    </message>
    <message>
        <source>Looking into a file before it is downloaded</source>
        <translation>下载前查看文件</translation>
    </message>
    <message>
        <source>Looking what of a model has arrived</source>
        <translation>查看模型已下载的部分</translation>
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
        <source>Keeping the judgement</source>
        <translation>保存评价</translation>
    </message>
    <message>
        <source>Reading the files</source>
        <translation>读取文件</translation>
    </message>
    <message>
        <source>Reading the picture</source>
        <translation>读取图片</translation>
    </message>
    <message>
        <source>Counting what would be sent</source>
        <translation>统计将发送的词元数</translation>
    </message>
    <message>
        <source>Saving the file</source>
        <translation>保存文件</translation>
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
    <message>
        <source>Completing the search</source>
        <translation>补全搜索索引</translation>
    </message>
    <message>
        <source>Making a backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Emptying the trash</source>
        <translation>清空回收站</translation>
    </message>
    <message>
        <source>Looking through the saved conversations</source>
        <translation>检查已保存的对话</translation>
    </message>
    <message>
        <source>Exporting conversations</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Importing conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Showing the message</source>
        <translation>显示消息</translation>
    </message>
    <message>
        <source>Reading the prompts</source>
        <translation>读取提示词</translation>
    </message>
    <message>
        <source>Saving the prompt</source>
        <translation>保存提示词</translation>
    </message>
    <message>
        <source>Renaming the prompt</source>
        <translation>重命名提示词</translation>
    </message>
    <message>
        <source>Deleting the prompt</source>
        <translation>删除提示词</translation>
    </message>
    <message>
        <source>Opening the conversations</source>
        <translation>打开已保存的对话</translation>
    </message>
    <message>
        <source>Looking for backups</source>
        <translation>查找备份</translation>
    </message>
    <message>
        <source>Restoring a backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Salvaging the conversations</source>
        <translation>抢救对话</translation>
    </message>
    <message>
        <source>Adding a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Looking at a model</source>
        <translation>查看模型</translation>
    </message>
    <message>
        <source>Removing a model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Reading the settings</source>
        <translation>读取设置</translation>
    </message>
    <message>
        <source>Choosing the folder of models</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Keeping the settings</source>
        <translation>保存设置</translation>
    </message>
    <message>
        <source>Finding a title</source>
        <translation>拟定标题</translation>
    </message>
    <message>
        <source>Reading the versions</source>
        <translation>读取版本信息</translation>
    </message>
    <message>
        <source>Reading the log</source>
        <translation>读取日志</translation>
    </message>
    <message>
        <source>Checking this machine</source>
        <translation>检查本机</translation>
    </message>
    <message>
        <source>Branching the conversation</source>
        <translation>另开分支</translation>
    </message>
    <message>
        <source>Deleting a message</source>
        <translation>删除消息</translation>
    </message>
    <message>
        <source>Taking a message back</source>
        <translation>还原消息</translation>
    </message>
    <message>
        <source>Reading the catalogue</source>
        <translation>读取模型清单</translation>
    </message>
    <message>
        <source>Looking at the plugins</source>
        <translation>查看插件</translation>
    </message>
    <message>
        <source>Looking for plugins</source>
        <translation>查找插件</translation>
    </message>
    <message>
        <source>Turning a plugin off</source>
        <translation>停用插件</translation>
    </message>
    <message>
        <source>Reading a plugin</source>
        <translation>读取插件</translation>
    </message>
    <message>
        <source>Installing a plugin</source>
        <translation>安装插件</translation>
    </message>
    <message>
        <source>Looking at a plugin</source>
        <translation>查看插件</translation>
    </message>
    <message>
        <source>Removing a plugin</source>
        <translation>移除插件</translation>
    </message>
    <message>
        <source>Asking the plugins for their commands</source>
        <translation>查询插件的命令</translation>
    </message>
    <message>
        <source>Loading plugins</source>
        <translation>载入插件</translation>
    </message>
    <message>
        <source>Looking who asks for the window</source>
        <translation>查看谁在请求打开窗口</translation>
    </message>
    <message>
        <source>Keeping what is open</source>
        <translation>保存打开的内容</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Looking for names</source>
        <translation>正在查找名称</translation>
    </message>
</context>
<context>
    <name>Option</name>
    <message>
        <source>recommended for this computer</source>
        <translation>推荐用于这台电脑</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>in memory</source>
        <translation>已载入</translation>
    </message>
    <message>
        <source>used in this conversation</source>
        <translation>用于这段对话</translation>
    </message>
    <message>
        <source>It cannot be used: {reason}.</source>
        <translation>无法使用：{reason}。</translation>
    </message>
    <message>
        <source>Use in this conversation</source>
        <translation>用于这段对话</translation>
    </message>
    <message>
        <source>Free its memory</source>
        <translation>释放内存</translation>
    </message>
    <message>
        <source>Load into memory</source>
        <translation>载入内存</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>loading {percent}</source>
        <translation>载入中 {percent}</translation>
    </message>
    <message>
        <source>begins when the model is free …</source>
        <translation>模型空闲后开始…</translation>
    </message>
    <message>
        <source>It comes from the plugin {name}.</source>
        <translation>来自插件 {name}。</translation>
    </message>
    <message>
        <source>A link to {path}</source>
        <translation>链接到 {path}</translation>
    </message>
    <message>
        <source>Settings of this model …</source>
        <translation>这个模型的设置…</translation>
    </message>
    <message>
        <source>Details …</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>打开所在文件夹</translation>
    </message>
    <message>
        <source>Remove the link …</source>
        <translation>移除链接…</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>删除…</translation>
    </message>
</context>
<context>
    <name>OwnPlugins</name>
    <message>
        <source>No plugin is here yet. A plugin adds panels, tools, models or commands to Teahouse.</source>
        <translation>还没有插件。插件可以为茶馆增加面板、工具、模型或命令。</translation>
    </message>
    <message>
        <source>Looking at the plugins …</source>
        <translation>正在查看插件…</translation>
    </message>
    <message>
        <source>Install from a file …</source>
        <translation>从文件安装…</translation>
    </message>
    <message>
        <source>Look into the gallery</source>
        <translation>浏览插件库</translation>
    </message>
    <message>
        <source>Plugins on this computer</source>
        <translation>这台电脑上的插件</translation>
    </message>
</context>
<context>
    <name>OwnSection</name>
    <message>
        <source>No model is here yet. Download one, or add a GGUF file that you have.</source>
        <translation>还没有模型。可以下载一个，或添加已有的 GGUF 文件。</translation>
    </message>
    <message>
        <source>Looking for models …</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>See what can be downloaded</source>
        <translation>查看可下载的模型</translation>
    </message>
    <message>
        <source>Add a GGUF file …</source>
        <translation>添加 GGUF 文件…</translation>
    </message>
    <message>
        <source>Choose another folder …</source>
        <translation>选择其他文件夹…</translation>
    </message>
    <message>
        <source>Models on this computer</source>
        <translation>这台电脑上的模型</translation>
    </message>
</context>
<context>
    <name>Pace</name>
    <message>
        <source>{number} MB/s</source>
        <translation>{number} MB/s</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>about {count} seconds left</source>
        <translation>约剩 {count} 秒</translation>
    </message>
    <message>
        <source>about a minute left</source>
        <translation>约剩 1 分钟</translation>
    </message>
    <message>
        <source>about {count} minutes left</source>
        <translation>约剩 {count} 分钟</translation>
    </message>
    <message>
        <source>about {count} hours left</source>
        <translation>约剩 {count} 小时</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Back to the chat (Esc)</source>
        <translation>返回对话（Esc）</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Plugin {name}</source>
        <translation>插件 {name}</translation>
    </message>
    <message>
        <source>Setting · {group}</source>
        <translation>设置 · {group}</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>Search commands, settings and conversations</source>
        <translation>搜索命令、设置和对话</translation>
    </message>
    <message>
        <source>Nothing is called like that.</source>
        <translation>没有叫这个名称的命令、设置或对话。</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>PanelDock</name>
    <message>
        <source>Close the panel</source>
        <translation>关闭面板</translation>
    </message>
</context>
<context>
    <name>PanelHost</name>
    <message>
        <source>could not show its panel: {error}</source>
        <translation>无法显示面板：{error}</translation>
    </message>
</context>
<context>
    <name>PickedChip</name>
    <message>
        <source>Delete takes it away.</source>
        <translation>按 Delete 键移除。</translation>
    </message>
</context>
<context>
    <name>PluginCard</name>
    <message>
        <source>came with Teahouse</source>
        <translation>茶馆自带</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>on</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>off</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>On</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Turn it on again</source>
        <translation>重新启用</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Details …</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>移除…</translation>
    </message>
</context>
<context>
    <name>PluginCare</name>
    <message>
        <source>Safe mode: no plugin runs. Nothing about your plugins was changed.</source>
        <translation>安全模式：不运行任何插件。插件本身没有改动。</translation>
    </message>
    <message>
        <source>Load the plugins</source>
        <translation>载入插件</translation>
    </message>
    <message>
        <source>The plugin {name} {what}.</source>
        <translation>插件 {name} {what}。</translation>
    </message>
    <message>
        <source>It is off now.</source>
        <translation>现已停用。</translation>
    </message>
    <message>
        <source>They are off now.</source>
        <translation>现已全部停用。</translation>
    </message>
    <message>
        <source>Turn it on again</source>
        <translation>重新启用</translation>
    </message>
    <message>
        <source>Turn them on again</source>
        <translation>全部重新启用</translation>
    </message>
</context>
<context>
    <name>PluginDetailsDialog</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>came with Teahouse</source>
        <translation>茶馆自带</translation>
    </message>
    <message>
        <source>on</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>off</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>简介</translation>
    </message>
    <message>
        <source>Package</source>
        <translation>软件包</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>主页</translation>
    </message>
    <message>
        <source>Written for</source>
        <translation>适用版本</translation>
    </message>
    <message>
        <source>SHA-256 of its files</source>
        <translation>文件的 SHA-256 校验值</translation>
    </message>
    <message>
        <source>Hooks</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>有</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>Slowest call</source>
        <translation>最慢的调用</translation>
    </message>
    <message>
        <source>{hook}, {count} ms</source>
        <translation>{hook}，{count} 毫秒</translation>
    </message>
    <message>
        <source>The plugin {name}</source>
        <translation>插件 {name}</translation>
    </message>
    <message>
        <source>What Python said of its last error</source>
        <translation>最近一次错误的 Python 报告</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>Plugins</name>
    <message>
        <source>The gallery has no plugin named {name}.</source>
        <translation>插件库中没有名为 {name} 的插件。</translation>
    </message>
    <message>
        <source>The plugin {name} is off.</source>
        <translation>插件 {name} 已停用。</translation>
    </message>
    <message>
        <source>Plugin {name}: {error}</source>
        <translation>插件 {name}：{error}</translation>
    </message>
    <message>
        <source>The plugin {name} failed: {error}</source>
        <translation>插件 {name} 出错：{error}</translation>
    </message>
    <message>
        <source>Tell its author; the log has the details.</source>
        <translation>请告知插件作者，详情见日志。</translation>
    </message>
    <message>
        <source>Turned off: it {what}.</source>
        <translation>已停用：{what}。</translation>
    </message>
    <message>
        <source>It has a fault: {error}</source>
        <translation>出现故障：{error}</translation>
    </message>
    <message>
        <source>It is not loaded.</source>
        <translation>没有载入。</translation>
    </message>
    <message>
        <source>a panel or more for the window</source>
        <translation>窗口面板</translation>
    </message>
    <message>
        <source>commands: {names}</source>
        <translation>命令：{names}</translation>
    </message>
    <message>
        <source>settings: {count}</source>
        <translation>设置项：{count}</translation>
    </message>
    <message>
        <source>hooks: {count}</source>
        <translation>钩子：{count}</translation>
    </message>
    <message>
        <source>Brings {what}</source>
        <translation>提供：{what}</translation>
    </message>
    <message>
        <source>Adds {time} to a start</source>
        <translation>启动多耗时 {time}</translation>
    </message>
    <message>
        <source>{count} calls took {time}</source>
        <translation>{count} 次调用共耗时 {time}</translation>
    </message>
    <message>
        <source>not said</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>version {version}, which is replaced</source>
        <translation>版本 {version}，将被替换</translation>
    </message>
    <message>
        <source>Package</source>
        <translation>软件包</translation>
    </message>
    <message>
        <source>Installed now</source>
        <translation>当前已安装</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>简介</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>主页</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256 校验值</translation>
    </message>
    <message>
        <source>Written for</source>
        <translation>适用版本</translation>
    </message>
    <message>
        <source>Brings</source>
        <translation>提供</translation>
    </message>
    <message>
        <source>Also installs</source>
        <translation>同时安装</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>正在载入…</translation>
    </message>
    <message>
        <source>Looking for what it needs …</source>
        <translation>正在查找它所需的包…</translation>
    </message>
    <message>
        <source>Fetching …</source>
        <translation>正在下载…</translation>
    </message>
    <message>
        <source>Reading it …</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Trying it in a process of its own …</source>
        <translation>正在独立进程中试运行…</translation>
    </message>
    <message>
        <source>Installing …</source>
        <translation>正在安装…</translation>
    </message>
    <message>
        <source>Removing …</source>
        <translation>正在移除…</translation>
    </message>
    <message>
        <source>nothing else</source>
        <translation>无</translation>
    </message>
    <message>
        <source>the command “teahouse {word}”</source>
        <translation>命令“teahouse {word}”</translation>
    </message>
    <message>
        <source>the program {name}</source>
        <translation>程序 {name}</translation>
    </message>
    <message>
        <source>a part for the engine</source>
        <translation>引擎部分</translation>
    </message>
    <message>
        <source>a part for the window</source>
        <translation>窗口部分</translation>
    </message>
    <message>
        <source>{name} {version} in place of {before}</source>
        <translation>{name} {version}（替换 {before}）</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count} 秒</translation>
    </message>
    <message>
        <source>{count} ms</source>
        <translation>{count} 毫秒</translation>
    </message>
</context>
<context>
    <name>PluginsDesk</name>
    <message>
        <source>Teahouse cannot start itself again: {error}.</source>
        <translation>茶馆无法自行重新启动：{error}。</translation>
    </message>
    <message>
        <source>Close it, and open it as you usually do.</source>
        <translation>请关闭茶馆，再像平常一样打开。</translation>
    </message>
</context>
<context>
    <name>PluginsPage</name>
    <message>
        <source>Plugins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>Install from a file …</source>
        <translation>从文件安装…</translation>
    </message>
    <message>
        <source>A wheel (.whl) can also be dropped on this page</source>
        <translation>也可以把 wheel 文件（.whl）拖放到这一页</translation>
    </message>
    <message>
        <source>Safe mode: no plugin runs. Nothing about your plugins was changed.</source>
        <translation>安全模式：不运行任何插件。插件本身没有改动。</translation>
    </message>
    <message>
        <source>Load the plugins</source>
        <translation>载入插件</translation>
    </message>
    <message>
        <source>{name} {version} is used once Teahouse is started again.</source>
        <translation>重新启动茶馆后使用 {name} {version}。</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Start Teahouse again</source>
        <translation>重新启动茶馆</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在这台电脑上</translation>
    </message>
    <message>
        <source>{title} ({count})</source>
        <translation>{title}（{count}）</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>插件库</translation>
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
    <name>PrivacyStep</name>
    <message>
        <source>Welcome to Teahouse</source>
        <translation>欢迎来到茶馆</translation>
    </message>
    <message>
        <source>A place to chat with language models that run on your own computer.</source>
        <translation>在这里与运行在自己电脑上的语言模型对话。</translation>
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
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>What stays on this computer</source>
        <translation>哪些内容留在这台电脑上</translation>
    </message>
    <message>
        <source>Stay offline: refuse every download</source>
        <translation>保持离线：拒绝一切下载</translation>
    </message>
    <message>
        <source>Models run here. Once a model is here, no connection is needed.</source>
        <translation>模型在本机运行。有了模型之后，就不再需要网络连接。</translation>
    </message>
    <message>
        <source>Your conversations lie in {folder}. Teahouse sends them nowhere.</source>
        <translation>对话保存在 {folder}，茶馆不会把它们发送到任何地方。</translation>
    </message>
    <message>
        <source>The network is used only when you look for a model or a plugin, or fetch one. Only that request goes out: for a model to {host}, or to the package index that pip is set to; for a plugin to that index, or to the address that you have set or chosen.</source>
        <translation>只有在查找或下载模型、插件时才会使用网络，发出的只有这一请求：模型发往 {host} 或 pip 所设的软件包源；插件发往该软件包源，或你设置、选择的地址。</translation>
    </message>
    <message>
        <source>There is no account, no usage data is sent, and nothing looks for updates by itself.</source>
        <translation>没有账号，不发送使用数据，也不会自行检查更新。</translation>
    </message>
</context>
<context>
    <name>ProbabilityBars</name>
    <message>
        <source>Alternative {place} of {total}: {token}</source>
        <translation>第 {place} 个候选，共 {total} 个：{token}</translation>
    </message>
    <message>
        <source>{what} {share}</source>
        <translation>{what} {share}</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>cut by {stage}</source>
        <translation>被“{stage}”截去</translation>
    </message>
    <message>
        <source>after the chain</source>
        <translation>采样链之后</translation>
    </message>
    <message>
        <source>stands there now</source>
        <translation>现在就在这里</translation>
    </message>
    <message>
        <source>id {id}</source>
        <translation>编号 {id}</translation>
    </message>
    <message>
        <source>Alternatives</source>
        <translation>候选词元</translation>
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
    <name>PromptDesk</name>
    <message>
        <source>There is no prompt yet.</source>
        <translation>还没有提示词。</translation>
    </message>
    <message>
        <source>Save the message as a prompt …</source>
        <translation>把消息保存为提示词…</translation>
    </message>
    <message>
        <source>Rename a prompt</source>
        <translation>重命名提示词</translation>
    </message>
    <message>
        <source>Delete a prompt</source>
        <translation>删除提示词</translation>
    </message>
    <message>
        <source>Save as a prompt</source>
        <translation>保存为提示词</translation>
    </message>
    <message>
        <source>Name of the prompt (the same name replaces it):</source>
        <translation>提示词的名称（同名的会被替换）：</translation>
    </message>
    <message>
        <source>New name of the prompt:</source>
        <translation>提示词的新名称：</translation>
    </message>
    <message>
        <source>Delete the prompt “{name}”?</source>
        <translation>要删除提示词“{name}”吗？</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>QuickDesk</name>
    <message>
        <source>There is no model yet. The main window helps to get one.</source>
        <translation>还没有模型。可以在主窗口中获取。</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开主窗口</translation>
    </message>
</context>
<context>
    <name>QuickWindow</name>
    <message>
        <source>There is no text on the clipboard.</source>
        <translation>剪贴板上没有文字。</translation>
    </message>
    <message>
        <source>The text on the clipboard is too long for this small window.</source>
        <translation>剪贴板上的文字太长，这个小窗口放不下。</translation>
    </message>
    <message>
        <source>Save it as a file and add that in the main window.</source>
        <translation>请存为文件，在主窗口中添加。</translation>
    </message>
    <message>
        <source>Quick ask — Teahouse</source>
        <translation>快速提问 — 茶馆</translation>
    </message>
    <message>
        <source>Quick ask</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>Ask anything. Enter sends, Esc closes.</source>
        <translation>随便问。Enter 发送，Esc 关闭。</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Esc). A reply that is being made goes on.</source>
        <translation>关闭（Esc）。正在生成的回复会继续。</translation>
    </message>
    <message>
        <source>Use clipboard</source>
        <translation>使用剪贴板</translation>
    </message>
    <message>
        <source>Put in the text of the clipboard (Ctrl+Shift+V)</source>
        <translation>填入剪贴板上的文字（Ctrl+Shift+V）</translation>
    </message>
    <message>
        <source>New question</source>
        <translation>新问题</translation>
    </message>
    <message>
        <source>Begin another conversation (Ctrl+N)</source>
        <translation>开始另一段对话（Ctrl+N）</translation>
    </message>
    <message>
        <source>Open in the main window</source>
        <translation>在主窗口中打开</translation>
    </message>
    <message>
        <source>Go on in the main window (Ctrl+Enter)</source>
        <translation>在主窗口中继续（Ctrl+Enter）</translation>
    </message>
</context>
<context>
    <name>RankingDialog</name>
    <message>
        <source>Order of the versions</source>
        <translation>版本排序</translation>
    </message>
    <message>
        <source>The best version first. Training from preferences learns from this order.</source>
        <translation>最好的版本排在最前。偏好训练会从这个顺序中学习。</translation>
    </message>
    <message>
        <source>The whole version</source>
        <translation>版本全文</translation>
    </message>
    <message>
        <source>Up (Ctrl+↑)</source>
        <translation>上移（Ctrl+↑）</translation>
    </message>
    <message>
        <source>Down (Ctrl+↓)</source>
        <translation>下移（Ctrl+↓）</translation>
    </message>
    <message>
        <source>Forget the order</source>
        <translation>清除排序</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>Version {number}: {text}</source>
        <translation>版本 {number}：{text}</translation>
    </message>
</context>
<context>
    <name>ReachDesk</name>
    <message>
        <source>This desktop shows no tray: closing the window ends Teahouse.</source>
        <translation>这个桌面没有托盘：关闭窗口即退出茶馆。</translation>
    </message>
    <message>
        <source>In use: closing the window keeps Teahouse in the tray.</source>
        <translation>已生效：关闭窗口后茶馆留在托盘中。</translation>
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
        <source>Searching …</source>
        <translation>正在检索…</translation>
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
        <source>Summarising {name} … {percent}</source>
        <translation>正在总结 {name}… {percent}</translation>
    </message>
    <message>
        <source>Summarising earlier messages … {percent}</source>
        <translation>正在概括较早的消息… {percent}</translation>
    </message>
    <message>
        <source>Writing …</source>
        <translation>正在书写…</translation>
    </message>
    <message>
        <source>Nothing was found …</source>
        <translation>没有找到相关内容…</translation>
    </message>
    <message>
        <source>1 passage was found …</source>
        <translation>找到 1 个片段…</translation>
    </message>
    <message>
        <source>{count} passages were found …</source>
        <translation>找到 {count} 个片段…</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
</context>
<context>
    <name>ReplyColumn</name>
    <message>
        <source>{letter} was not asked.</source>
        <translation>没有向 {letter} 提问。</translation>
    </message>
    <message>
        <source>Waits for the other reply …</source>
        <translation>等待另一条回复…</translation>
    </message>
    <message>
        <source>Reply {letter}</source>
        <translation>回复 {letter}</translation>
    </message>
    <message>
        <source>Do not ask</source>
        <translation>不提问</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Force stop</source>
        <translation>强制停止</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Go on with {letter}</source>
        <translation>选用 {letter}</translation>
    </message>
    <message>
        <source>It is shown and marked as the best; the other one stays as a version.</source>
        <translation>显示这条回复并标为最佳版本，另一条仍作为版本保留。</translation>
    </message>
    <message>
        <source>thinks before answering</source>
        <translation>先思考再回答</translation>
    </message>
    <message>
        <source>answers at once</source>
        <translation>直接回答</translation>
    </message>
    <message>
        <source>no system prompt</source>
        <translation>无系统提示词</translation>
    </message>
    <message>
        <source>own system prompt</source>
        <translation>单独的系统提示词</translation>
    </message>
    <message>
        <source>Temperature {value}</source>
        <translation>温度 {value}</translation>
    </message>
    <message>
        <source>Seed {value}</source>
        <translation>随机种子 {value}</translation>
    </message>
</context>
<context>
    <name>ReplyFacts</name>
    <message>
        <source>Ended because</source>
        <translation>结束原因</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成时间</translation>
    </message>
    <message>
        <source>adapter {name} × {scale}</source>
        <translation>适配器 {name} × {scale}</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>adapters changed while it was written</source>
        <translation>书写期间更换过适配器</translation>
    </message>
    <message>
        <source>File (hash)</source>
        <translation>文件（哈希值）</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Adapters</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>Adapters from token {number} on</source>
        <translation>自第 {number} 个词元起的适配器</translation>
    </message>
    <message>
        <source>Tokens written</source>
        <translation>写出的词元数</translation>
    </message>
    <message>
        <source>Tokens kept of the reply before</source>
        <translation>续写前保留的词元数</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>提示的词元数</translation>
    </message>
    <message>
        <source>Prompt tokens reused</source>
        <translation>复用的提示词元数</translation>
    </message>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} 词元/秒</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>Writing speed</source>
        <translation>写出速度</translation>
    </message>
    <message>
        <source>Reading speed</source>
        <translation>读取速度</translation>
    </message>
    <message>
        <source>First token after</source>
        <translation>首个词元用时</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>载入模型用时</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考用时</translation>
    </message>
    <message>
        <source>the context was full</source>
        <translation>上下文已满</translation>
    </message>
    <message>
        <source>it reached the longest reply</source>
        <translation>达到最长回复</translation>
    </message>
    <message>
        <source>the model was done</source>
        <translation>模型已写完</translation>
    </message>
    <message>
        <source>it was stopped</source>
        <translation>被停止</translation>
    </message>
    <message>
        <source>it broke off</source>
        <translation>中途断了</translation>
    </message>
    <message>
        <source>System prompt of its own</source>
        <translation>单独的系统提示词</translation>
    </message>
    <message>
        <source>Sampler: {name}</source>
        <translation>采样：{name}</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Engine: {name}</source>
        <translation>引擎：{name}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>ReplyFactsDialog</name>
    <message>
        <source>How this reply was made</source>
        <translation>这条回复是怎样生成的</translation>
    </message>
    <message>
        <source>What</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>RepositoryCard</name>
    <message>
        <source>asks for its files …</source>
        <translation>正在查询文件…</translation>
    </message>
    <message>
        <source>It has no GGUF file.</source>
        <translation>其中没有 GGUF 文件。</translation>
    </message>
    <message>
        <source>{count} downloads</source>
        <translation>下载 {count} 次</translation>
    </message>
    <message>
        <source>changed {date}</source>
        <translation>更新于 {date}</translation>
    </message>
    <message>
        <source>Its files are only for people who have agreed to its terms on the hub&apos;s own page.</source>
        <translation>需要先在该站的页面上同意其条款，才能获取这些文件。</translation>
    </message>
    <message>
        <source>Show its files</source>
        <translation>查看文件</translation>
    </message>
</context>
<context>
    <name>RestoreDesk</name>
    <message>
        <source>The backup was made.</source>
        <translation>备份已完成。</translation>
    </message>
    <message>
        <source>Put the backup of {date} in the place of your conversations?</source>
        <translation>要用 {date} 的备份替换现在的对话吗？</translation>
    </message>
    <message>
        <source>What is there now is set aside and kept, but no longer shown.</source>
        <translation>现有内容会另外保留，但不再显示。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The backup is in place.</source>
        <translation>备份已恢复。</translation>
    </message>
    <message>
        <source>What was there before is kept: {file}</source>
        <translation>原来的内容保留在：{file}</translation>
    </message>
    <message>
        <source>Read all that can be read into a new file?</source>
        <translation>要把还能读取的内容全部抢救到新文件中吗？</translation>
    </message>
    <message>
        <source>The file that is there now is set aside and kept. This can take some minutes.</source>
        <translation>现有文件会另外保留。这可能需要几分钟。</translation>
    </message>
    <message>
        <source>Salvage</source>
        <translation>抢救</translation>
    </message>
    <message>
        <source>{what} …</source>
        <translation>{what}…</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>已停止，没有改动任何内容。</translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>before an update</source>
        <translation>更新之前</translation>
    </message>
    <message>
        <source>daily</source>
        <translation>每日</translation>
    </message>
    <message>
        <source>Backups and restoring</source>
        <translation>备份与恢复</translation>
    </message>
    <message>
        <source>A copy of your conversations is made every day; older copies are thinned out. Restoring one, or salvaging, never deletes what is there now: it is set aside beside the database.</source>
        <translation>对话每天自动备份一次，较早的备份会逐渐精简。恢复备份或抢救内容都不会删除现有内容：它会另存在数据库旁边。</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>备份时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份列表</translation>
    </message>
    <message>
        <source>Make a backup now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Salvage …</source>
        <translation>抢救…</translation>
    </message>
    <message>
        <source>Read what can be read of a damaged file into a new one</source>
        <translation>把已损坏的文件中还能读取的内容读到新文件中</translation>
    </message>
    <message>
        <source>Restore the chosen one …</source>
        <translation>恢复所选备份…</translation>
    </message>
    <message>
        <source>What was deleted for good after a backup was made is still in that backup. They are in: {folder}</source>
        <translation>备份之后才永久删除的内容，在那份备份中仍然存在。备份位于：{folder}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Conversations saved: {conversations}, messages: {messages}.</source>
        <translation>已抢救 {conversations} 段对话、{messages} 条消息。</translation>
    </message>
    <message>
        <source>From backups: {count} pieces.</source>
        <translation>从备份中找回 {count} 项。</translation>
    </message>
    <message>
        <source>Lost, with a placeholder in their place: {count}.</source>
        <translation>已丢失、以占位内容代替：{count} 项。</translation>
    </message>
    <message>
        <source>The damaged file is kept: {file}</source>
        <translation>已损坏的文件保留在：{file}</translation>
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
    <name>SearchField</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the conversations</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选条件</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Search titles, messages and attachments</source>
        <translation>搜索标题、消息和附件</translation>
    </message>
    <message>
        <source>Words, “phrases”, -without, filters:</source>
        <translation>词语、“短语”、-要排除的词，以及筛选条件：</translation>
    </message>
</context>
<context>
    <name>SearchFilters</name>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>In the folder</source>
        <translation>所在文件夹</translation>
    </message>
    <message>
        <source>With the tag</source>
        <translation>带有标签</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Said by</source>
        <translation>发言者</translation>
    </message>
    <message>
        <source>Messages with</source>
        <translation>消息带有</translation>
    </message>
    <message>
        <source>Only what is</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>The last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>This month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>This year</source>
        <translation>今年</translation>
    </message>
    <message>
        <source>Before this year</source>
        <translation>今年以前</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>A thumb</source>
        <translation>评价</translation>
    </message>
    <message>
        <source>A note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>In the archive</source>
        <translation>已归档</translation>
    </message>
    <message>
        <source>In the trash</source>
        <translation>在回收站中</translation>
    </message>
</context>
<context>
    <name>SearchPage</name>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Older messages are still being taken into the search.</source>
        <translation>较早的消息还在加入搜索，稍后才能全部找到。</translation>
    </message>
    <message>
        <source>Nothing was found. The trash is only searched with “is:trashed”.</source>
        <translation>没有找到结果。要搜索回收站，请加上“is:trashed”。</translation>
    </message>
    <message>
        <source>Found: {count} and more</source>
        <translation>找到 {count} 条以上</translation>
    </message>
    <message>
        <source>Found: {count}</source>
        <translation>找到 {count} 条</translation>
    </message>
</context>
<context>
    <name>SendButton</name>
    <message>
        <source>End the engine at once (Esc). What has been written is kept.</source>
        <translation>立即结束引擎（Esc）。已写出的内容会保留。</translation>
    </message>
    <message>
        <source>Force stop</source>
        <translation>强制停止</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止（Esc）</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送（Enter）</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset {name}</source>
        <translation>重置“{name}”</translation>
    </message>
    <message>
        <source>Not kept. It takes a whole number, {range}.</source>
        <translation>没有保存。这里要填整数：{range}。</translation>
    </message>
    <message>
        <source>Not kept. It takes a number, {range}.</source>
        <translation>没有保存。这里要填数字：{range}。</translation>
    </message>
    <message>
        <source>Takes effect when the model is loaded again.</source>
        <translation>重新载入模型后生效。</translation>
    </message>
    <message>
        <source>Takes effect when Teahouse is started again.</source>
        <translation>重新启动茶馆后生效。</translation>
    </message>
    <message>
        <source>default</source>
        <translation>默认值</translation>
    </message>
    <message>
        <source>for all models</source>
        <translation>用于所有模型</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已修改</translation>
    </message>
    <message>
        <source>this model&apos;s own</source>
        <translation>仅用于此模型</translation>
    </message>
    <message>
        <source>Models with a value of their own: {names}</source>
        <translation>有单独设置的模型：{names}</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Appearance and language</source>
        <translation>外观与语言</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Quick ask</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>插件</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Plugin {name}</source>
        <translation>插件 {name}</translation>
    </message>
    <message>
        <source>{least} to {greatest}</source>
        <translation>{least} 至 {greatest}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>No setting matches “{query}”.</source>
        <translation>没有与“{query}”相符的设置。</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>For which model</source>
        <translation>用于哪个模型</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>What was changed takes effect when the model is loaded again; the next reply does that.</source>
        <translation>改动在模型重新载入后生效，下一次回复时会自动重新载入。</translation>
    </message>
    <message>
        <source>Load it now</source>
        <translation>立即载入</translation>
    </message>
    <message>
        <source>These settings are kept in settings.toml.</source>
        <translation>这些设置保存在 settings.toml 中。</translation>
    </message>
    <message>
        <source>Open its folder</source>
        <translation>打开所在文件夹</translation>
    </message>
    <message>
        <source>For all models</source>
        <translation>所有模型</translation>
    </message>
</context>
<context>
    <name>ShelfButton</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Empty the trash …</source>
        <translation>清空回收站…</translation>
    </message>
    <message>
        <source>{name}  ({count})</source>
        <translation>{name}（{count}）</translation>
    </message>
    <message>
        <source>Choose what is listed</source>
        <translation>选择列出哪些对话</translation>
    </message>
    <message>
        <source>Listed: {what}</source>
        <translation>当前列出：{what}</translation>
    </message>
</context>
<context>
    <name>ShortcutRow</name>
    <message>
        <source>Use it here instead</source>
        <translation>改用在这里</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>{keys} is needed for writing.</source>
        <translation>{keys} 在输入文字时要用到。</translation>
    </message>
    <message>
        <source>Choose keys with Ctrl or Alt, or a function key.</source>
        <translation>请选择带 Ctrl 或 Alt 的组合键，或功能键。</translation>
    </message>
    <message>
        <source>{keys} is needed in text fields.</source>
        <translation>{keys} 在文本框中要用到。</translation>
    </message>
    <message>
        <source>{keys} belongs to “{title}”.</source>
        <translation>{keys} 已用于“{title}”。</translation>
    </message>
</context>
<context>
    <name>SideHead</name>
    <message>
        <source>You work on this side.</source>
        <translation>正在这一侧操作。</translation>
    </message>
    <message>
        <source>Close “{title}” on this side</source>
        <translation>关闭这一侧的“{title}”</translation>
    </message>
    <message>
        <source>Close this side. The conversation stays in the list.</source>
        <translation>关闭这一侧，对话仍在列表中。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
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
        <source>The archive is empty.</source>
        <translation>归档是空的。</translation>
    </message>
    <message>
        <source>The trash is empty. What is put here is kept for 30 days.</source>
        <translation>回收站是空的。移到这里的对话会保留 30 天。</translation>
    </message>
    <message>
        <source>Nothing is listed here.</source>
        <translation>这里没有对话。</translation>
    </message>
    <message>
        <source>The conversations cannot be read now.</source>
        <translation>现在无法读取对话。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete for good …</source>
        <translation>永久删除…</translation>
    </message>
    <message>
        <source>Open beside</source>
        <translation>在旁边打开</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>System prompt …</source>
        <translation>系统提示词…</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Do not pin any more</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Move to the archive</source>
        <translation>移到归档</translation>
    </message>
    <message>
        <source>Take out of the archive</source>
        <translation>移出归档</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>不放入文件夹</translation>
    </message>
    <message>
        <source>New folder …</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Type the tags …</source>
        <translation>输入标签…</translation>
    </message>
</context>
<context>
    <name>SlashDesk</name>
    <message>
        <source>{command} cannot be done now.</source>
        <translation>现在不能执行 {command}。</translation>
    </message>
    <message>
        <source>To send it as a message write {text}.</source>
        <translation>要把它当作消息发送，请写成 {text}。</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
</context>
<context>
    <name>SlashPopup</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
</context>
<context>
    <name>StoreBanner</name>
    <message>
        <source>What can I do? …</source>
        <translation>我该怎么办？…</translation>
    </message>
</context>
<context>
    <name>SystemPromptButton</name>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>What the model is told before this conversation</source>
        <translation>这段对话之前告诉模型的话</translation>
    </message>
    <message>
        <source>This conversation has none of its own.</source>
        <translation>这段对话没有自己的系统提示词。</translation>
    </message>
</context>
<context>
    <name>SystemPromptDialog</name>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>What the model is told before “{title}”</source>
        <translation>在“{title}”之前告诉模型的话</translation>
    </message>
    <message>
        <source>It holds from the next message on. The model then reads the conversation anew.</source>
        <translation>从下一条消息起生效，届时模型会重新阅读整段对话。</translation>
    </message>
    <message>
        <source>As in the settings: {text}</source>
        <translation>沿用设置：{text}</translation>
    </message>
    <message>
        <source>For example: Answer briefly, as to a colleague.</source>
        <translation>例如：像对同事那样，简短回答。</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} 个词元</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>TokenView</name>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
</context>
<context>
    <name>Tokens</name>
    <message>
        <source>cut by {stage}</source>
        <translation>被“{stage}”截去</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>Banned words</source>
        <translation>禁用词</translation>
    </message>
    <message>
        <source>Grammar</source>
        <translation>语法</translation>
    </message>
    <message>
        <source>Penalties</source>
        <translation>惩罚</translation>
    </message>
    <message>
        <source>DRY</source>
        <translation>DRY</translation>
    </message>
    <message>
        <source>Top-nσ</source>
        <translation>Top-nσ</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Typical-p</source>
        <translation>Typical-p</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>XTC</source>
        <translation>XTC</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Mirostat</source>
        <translation>Mirostat</translation>
    </message>
    <message>
        <source>Adaptive-p</source>
        <translation>Adaptive-p</translation>
    </message>
    <message>
        <source>What the model itself finds likely, before any rule.</source>
        <translation>模型自身认为的可能性，未经任何规则。</translation>
    </message>
    <message>
        <source>{count} of {total} tokens were cut; {kept} are left, with {share}.</source>
        <translation>{total} 个词元中截去了 {count} 个；剩下 {kept} 个，占{share}。</translation>
    </message>
    <message>
        <source>Nothing was cut; the probabilities have changed.</source>
        <translation>没有截去任何词元；概率有变化。</translation>
    </message>
    <message>
        <source>It changed nothing here.</source>
        <translation>它在这里没有改变什么。</translation>
    </message>
    <message>
        <source>{share} of the model&apos;s own probability</source>
        <translation>模型自身概率的 {share}</translation>
    </message>
    <message>
        <source>{token} {share}</source>
        <translation>{token} {share}</translation>
    </message>
    <message>
        <source>The likeliest of them: {tokens}.</source>
        <translation>其中最可能的：{tokens}。</translation>
    </message>
    <message>
        <source>Keeps the {limit} likeliest.</source>
        <translation>保留最可能的 {limit} 个。</translation>
    </message>
    <message>
        <source>Keeps the likeliest that together reach {limit}; they reach {reached}.</source>
        <translation>保留合计达到 {limit} 的最可能词元；它们合计 {reached}。</translation>
    </message>
    <message>
        <source>Keeps what reaches {limit} of the likeliest: at least {least}.</source>
        <translation>保留概率达到最可能词元 {limit} 的词元：至少 {least}。</translation>
    </message>
    <message>
        <source>Keeps the tokens about as surprising as expected, up to {limit} together.</source>
        <translation>保留意外程度接近预期的词元，合计至 {limit}。</translation>
    </message>
    <message>
        <source>Keeps logits within {sigmas} standard deviations of the highest: from {limit}.</source>
        <translation>保留与最高 logit 相差 {sigmas} 个标准差以内的词元：从 {limit} 起。</translation>
    </message>
    <message>
        <source>At 0 the likeliest is always taken.</source>
        <translation>温度为 0 时总是取最可能的词元。</translation>
    </message>
    <message>
        <source>Divides the logits by {value}, found between {least} and {most} by entropy.</source>
        <translation>把 logit 除以 {value}，该值按熵在 {least} 与 {most} 之间确定。</translation>
    </message>
    <message>
        <source>Divides the logits by {value}: below 1 sharper, above 1 flatter.</source>
        <translation>把 logit 除以 {value}：小于 1 更集中，大于 1 更平缓。</translation>
    </message>
    <message>
        <source>Logits changed: {count}.</source>
        <translation>改变的 logit：{count} 个。</translation>
    </message>
    <message>
        <source>{token} {change}</source>
        <translation>{token} {change}</translation>
    </message>
    <message>
        <source>{list}.</source>
        <translation>{list}。</translation>
    </message>
    <message>
        <source>Makes tokens that stand in the last {window} less likely.</source>
        <translation>降低最近 {window} 个词元中出现过的词元的概率。</translation>
    </message>
    <message>
        <source>Makes going on with a repeated sequence less likely.</source>
        <translation>降低继续重复同一序列的概率。</translation>
    </message>
    <message>
        <source>Adds what was set for single tokens.</source>
        <translation>加上为个别词元设定的值。</translation>
    </message>
    <message>
        <source>With a chance of {chance} drops all that reach {threshold} but the last of them.</source>
        <translation>有 {chance} 的机会，在达到 {threshold} 的词元中只留下最后一个，其余都去掉。</translation>
    </message>
    <message>
        <source>Whether it did is not known; it would have cut {count} here.</source>
        <translation>当时是否如此无法得知；在这里它会截去 {count} 个。</translation>
    </message>
    <message>
        <source>Takes away what would go on with a banned word: {count} tokens.</source>
        <translation>去掉会写出禁用词的词元：{count} 个。</translation>
    </message>
    <message>
        <source>Takes away what the grammar does not allow here: {count} tokens are allowed.</source>
        <translation>去掉语法在此处不允许的词元：允许 {count} 个。</translation>
    </message>
    <message>
        <source>Cuts so that the surprise stays near {tau} bits; its bound is {mu} now.</source>
        <translation>截断以使意外程度保持在 {tau} 比特附近；目前的界限为 {mu}。</translation>
    </message>
    <message>
        <source>Favours tokens whose probability is near {target}; it aims at {now} now.</source>
        <translation>偏向概率接近 {target} 的词元；目前以 {now} 为目标。</translation>
    </message>
    <message>
        <source>What it had learnt of the reply so far is not known; this is its beginning.</source>
        <translation>它从此前的回复中学到了什么已无法得知；这里显示的是它的初始状态。</translation>
    </message>
    <message>
        <source>{number} bits</source>
        <translation>{number} 比特</translation>
    </message>
    <message>
        <source>the control token {name}</source>
        <translation>控制词元 {name}</translation>
    </message>
    <message>
        <source>the bytes {bytes}</source>
        <translation>字节 {bytes}</translation>
    </message>
    <message>
        <source>“{text}”</source>
        <translation>“{text}”</translation>
    </message>
    <message>
        <source>new line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Token {place} of {total}: {text}</source>
        <translation>第 {place} 个词元，共 {total} 个：{text}</translation>
    </message>
    <message>
        <source>with its neighbours {text}</source>
        <translation>与相邻词元合成 {text}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>entropy {bits}</source>
        <translation>熵 {bits}</translation>
    </message>
    <message>
        <source>difference {number}</source>
        <translation>差异 {number}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>由你选择</translation>
    </message>
    <message>
        <source>the likeliest</source>
        <translation>最可能</translation>
    </message>
    <message>
        <source>second</source>
        <translation>第二可能</translation>
    </message>
    <message>
        <source>third</source>
        <translation>第三可能</translation>
    </message>
    <message>
        <source>number {place}</source>
        <translation>排第 {place}</translation>
    </message>
    <message>
        <source>id {id} · bytes {bytes}</source>
        <translation>编号 {id} · 字节 {bytes}</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>熵</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Learned</source>
        <translation>学习的词元</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>How likely the model itself found the token that stands there.</source>
        <translation>模型自身认为该处词元有多可能。</translation>
    </message>
    <message>
        <source>How undecided the model was before the token, whichever came.</source>
        <translation>无论出现哪个词元，模型在此之前有多不确定。</translation>
    </message>
    <message>
        <source>How much likelier the token is in the second than in the first.</source>
        <translation>该词元在第二方中的可能性比在第一方中高多少。</translation>
    </message>
    <message>
        <source>Which tokens the training has the model learn to write.</source>
        <translation>训练让模型学着写出哪些词元。</translation>
    </message>
    <message>
        <source>The tokens in turn, without a number.</source>
        <translation>只显示词元，不显示数值。</translation>
    </message>
    <message>
        <source>below {bound}</source>
        <translation>低于 {bound}</translation>
    </message>
    <message>
        <source>from {bound}</source>
        <translation>{bound} 起</translation>
    </message>
    <message>
        <source>{least} to {most}</source>
        <translation>{least} 至 {most}</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>only read</source>
        <translation>只读</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
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
        <source>Copy selection as Markdown</source>
        <translation>将所选内容复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy message as Markdown</source>
        <translation>将消息复制为 Markdown</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Ask two models or settings …</source>
        <translation>对比两个模型或两种设置…</translation>
    </message>
    <message>
        <source>Two versions side by side</source>
        <translation>并排查看两个版本</translation>
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
        <source>best version</source>
        <translation>最佳版本</translation>
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
        <source>general knowledge</source>
        <translation>常识回答</translation>
    </message>
    <message>
        <source>{count} tokens added to {begun}</source>
        <translation>在 {begun} 个词元后续写了 {count} 个</translation>
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
        <source>Copy message as plain text</source>
        <translation>将消息复制为纯文本</translation>
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
        <source>Continue</source>
        <translation>续写</translation>
    </message>
    <message>
        <source>Branch from here</source>
        <translation>从这里另开分支</translation>
    </message>
    <message>
        <source>Delete with what follows</source>
        <translation>删除这条及其后的消息</translation>
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
        <source>How this reply was made …</source>
        <translation>这条回复是怎样生成的…</translation>
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
        <source>Good reply</source>
        <translation>回复得好</translation>
    </message>
    <message>
        <source>Bad reply</source>
        <translation>回复得不好</translation>
    </message>
    <message>
        <source>Take the judgement back</source>
        <translation>取消评价</translation>
    </message>
    <message>
        <source>Note on this reply …</source>
        <translation>给这条回复写备注…</translation>
    </message>
    <message>
        <source>Best of its versions</source>
        <translation>选为最佳版本</translation>
    </message>
    <message>
        <source>Not the best of its versions</source>
        <translation>取消最佳版本</translation>
    </message>
    <message>
        <source>Put the versions in order …</source>
        <translation>给版本排序…</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>{who}: {what}</source>
        <translation>{who}：{what}</translation>
    </message>
    <message>
        <source>All actions …</source>
        <translation>所有操作…</translation>
    </message>
    <message>
        <source>Table: {columns}</source>
        <translation>表格：{columns}</translation>
    </message>
    <message>
        <source>Code in {language}:</source>
        <translation>{language} 代码：</translation>
    </message>
    <message>
        <source>Code:</source>
        <translation>代码：</translation>
    </message>
    <message>
        <source>End of the code</source>
        <translation>代码结束</translation>
    </message>
</context>
<context>
    <name>TrashDesk</name>
    <message>
        <source>“{title}” is in the trash and is kept there for 30 days.</source>
        <translation>“{title}”已移到回收站，会在那里保留 30 天。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Delete “{title}” for good?</source>
        <translation>要永久删除“{title}”吗？</translation>
    </message>
    <message>
        <source>This cannot be undone. Backups that were made before still have it.</source>
        <translation>此操作无法撤销。以前的备份中仍有这段对话。</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>Delete what is in the trash for good? Conversations: {count}.</source>
        <translation>要永久删除回收站中的 {count} 段对话吗？</translation>
    </message>
    <message>
        <source>This cannot be undone. Backups that were made before still have them.</source>
        <translation>此操作无法撤销。以前的备份中仍有这些对话。</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>清空回收站</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>The model does not see pictures. They are kept with the message.</source>
        <translation>模型看不到图片，图片会随消息保存。</translation>
    </message>
    <message>
        <source>Attached files</source>
        <translation>附件</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Teahouse</source>
        <translation>茶馆</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Quick ask</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>TrayNotice</name>
    <message>
        <source>Teahouse stays in the tray</source>
        <translation>茶馆留在托盘中</translation>
    </message>
    <message>
        <source>Closing the window leaves Teahouse in the tray.</source>
        <translation>关闭窗口后，茶馆留在托盘中。</translation>
    </message>
    <message>
        <source>Replies go on, and the quick-ask window can still be called. To end Teahouse, choose “Quit” in the tray or in the menu File. A switch in the settings decides this.</source>
        <translation>回复会继续进行，也仍可打开快速提问窗口。要退出茶馆，请在托盘或“文件”菜单中选择“退出”。可以在设置中更改这一行为。</translation>
    </message>
    <message>
        <source>Stay in the tray</source>
        <translation>留在托盘</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>UseOffer</name>
    <message>
        <source>Use it</source>
        <translation>使用它</translation>
    </message>
</context>
<context>
    <name>VariablesDialog</name>
    <message>
        <source>Fill in the prompt</source>
        <translation>填写提示词</translation>
    </message>
    <message>
        <source>Each field takes its place in the prompt.</source>
        <translation>填写的内容会放入提示词中对应的位置。</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>插入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>WaitingDesk</name>
    <message>
        <source>The engine did not stop by itself and was ended.</source>
        <translation>引擎没有自行停止，已被结束。</translation>
    </message>
    <message>
        <source>What had been written is kept. The model is loaded again with your next message.</source>
        <translation>已写出的内容会保留。发送下一条消息时会重新载入模型。</translation>
    </message>
</context>
<context>
    <name>WaitingRow</name>
    <message>
        <source>Send next</source>
        <translation>接着发送</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>立即发送</translation>
    </message>
    <message>
        <source>Edit the waiting message</source>
        <translation>修改等待发送的消息</translation>
    </message>
    <message>
        <source>Remove the waiting message</source>
        <translation>移除等待发送的消息</translation>
    </message>
    <message>
        <source>Not sent: {text}</source>
        <translation>未发送：{text}</translation>
    </message>
    <message>
        <source>Waiting: {text}</source>
        <translation>等待发送：{text}</translation>
    </message>
</context>
<context>
    <name>WaitingRows</name>
    <message>
        <source>Waiting messages</source>
        <translation>等待发送的消息</translation>
    </message>
</context>
<context>
    <name>WayForm</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>{letter}: {name}</source>
        <translation>{letter}：{name}</translation>
    </message>
    <message>
        <source>another one each time</source>
        <translation>每次不同</translation>
    </message>
    <message>
        <source>The same seed and settings give the same reply; a whole number</source>
        <translation>填整数；随机种子与设置都相同时，回复也相同</translation>
    </message>
    <message>
        <source>Low is steady, high is varied; 0 always takes the likeliest token.</source>
        <translation>低则稳定，高则多变；0 表示总是选取概率最高的词元。</translation>
    </message>
    <message>
        <source>As in this conversation</source>
        <translation>沿用这段对话</translation>
    </message>
    <message>
        <source>Think before answering</source>
        <translation>先思考再回答</translation>
    </message>
    <message>
        <source>Answer at once</source>
        <translation>直接回答</translation>
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
