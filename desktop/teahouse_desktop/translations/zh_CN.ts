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
    <name>Foot</name>
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
        <source>{menu}: {choice}</source>
        <translation>{menu}：{choice}</translation>
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
        <source>Settin&amp;gs</source>
        <translation>设置(&amp;G)</translation>
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
        <source>Go to the m&amp;essage field</source>
        <translation>转到输入框(&amp;E)</translation>
    </message>
    <message>
        <source>Go to the t&amp;ranscript</source>
        <translation>转到对话内容(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Backups and restoring</source>
        <translation>备份与恢复(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;About and diagnosis</source>
        <translation>关于与诊断(&amp;A)</translation>
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
        <source>Use it</source>
        <translation>使用它</translation>
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
    <message>
        <source>Do what the notice offers</source>
        <translation>执行通知中的操作</translation>
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
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
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
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Search titles, messages and attachments ({shortcut}).
Words, “phrases”, -without, filters:</source>
        <translation>搜索标题、消息和附件（{shortcut}）。
可以写词语、“短语”、-要排除的词，以及筛选条件：</translation>
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
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
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
