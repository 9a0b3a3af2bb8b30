import pytest
pytestmark = pytest.mark.browser


def test_explore(lab):
    import time
    t = time.time()
    nb = lab.open("tour.ipynb")
    print("open", time.time() - t)
    print("errors", nb.errors, nb.abroad())
    nb.run()
    print("run", time.time() - t)
    nb.page.locator(".jp-RenderedMermaid, .jp-RenderedMermaid img").first.wait_for()
    print(nb.page.locator(".jp-RenderedMermaid").first.evaluate("e => e.outerHTML.slice(0,500)"))
    nb.shoot("tour")
    print("shot", time.time() - t)
    print("errors", nb.errors, nb.abroad())
    print(nb.cells.count())
    for n in range(nb.cells.count()):
        print(n, nb.cells.nth(n).evaluate("e => e.querySelector('.jp-InputPrompt').innerText + [...e.querySelectorAll('.jp-OutputArea-output')].map(o => o.dataset.mimeType + ' ' + o.innerText.length)"))
    print(set(nb.page.evaluate("[...document.querySelectorAll('.jp-OutputArea-output *')].map(e => e.tagName)")))
