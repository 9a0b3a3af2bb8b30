project = "Boats"
root_doc = "constructs"
extensions = ["nbsphinx"]
nbsphinx_execute = "never"
suppress_warnings = ["misc.highlighting_failure"]
smartquotes = False
html_sidebars = {"**": ["localtoc.html"]}
