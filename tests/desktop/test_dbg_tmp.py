import traceback
from tests.desktop.test_waiting import *
from tests.desktop.conftest import *
from tests.conftest import *
def test_dbg(app, desk, qtbot):
    chat = begin(app, desk, qtbot)
    first = chat.conversation.id
    w=chat.waiting
    def spy(name, obj, attr):
        orig=getattr(obj,attr)
        def f(*a,**k):
            r=orig(*a,**k); print(name,a,k,"->",repr(r), "text", repr(chat.composer.text), "id", chat.conversation.id[-4:], chat.conversation.facts is not None); return r
        setattr(obj,attr,f)
    spy("leave",w,"leave"); spy("set_text",chat.composer,"set_text"); spy("open",chat.conversation,"open"); spy("typed",w,"typed_in")
    type_and_send(desk, qtbot, "second")
    qtbot.keyClicks(chat.composer.field, "typing")
    desk.window.lists.start()
    chat.open(first)
    qtbot.wait(3000)
    print(repr(chat.composer.text), chat.conversation.facts)
    assert 0
