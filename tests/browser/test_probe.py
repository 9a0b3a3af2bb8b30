import pytest
pytestmark = pytest.mark.browser
def test_explore(lab):
    nb = lab.open("tour.ipynb")
    nb.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells').then(x => {window.__done = [x]}, e => {window.__done = String(e)}); }")
    for n in range(12):
        nb.page.wait_for_timeout(1000)
        print(n, nb.page.evaluate("() => [window.__done, document.querySelector('.jp-Notebook-ExecutionIndicator').dataset.status, [...document.querySelectorAll('.jp-InputPrompt')].map(e=>e.innerText).join(' ')]"))
    nb.page.screenshot(path="/work/lab/shots/probe.png")
    print(nb.errors)
