import pytest
from tests.live.pages import *
from tests.telling import *
def test_x(chromium, running, cast, login_as, channel, client, app):
    tell(client, received("Oi"))
    p=LivePage(chromium, running.web(), login_as(cast.bruno).get_cookie("guiche").value, "/conversas/1")
    for i in range(3):
        import time
        t=time.time()
        with p.cut():
            print("cut", time.time()-t, p.page.locator("#live-dot").inner_text()); 
            tell(client, received("mais %d"%i))
            t=time.time()
        print("back", time.time()-t); t=time.time()
        d=p.differences()
        print("cmp", time.time()-t)
        for k,(a,b) in d.items(): print(k,"\n  ",a,"\n  ",b)
    p.close()
