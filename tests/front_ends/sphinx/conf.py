project = "Boats"
root_doc = "constructs"
extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
smartquotes = False
html_sidebars = {"**": ["localtoc.html"]}
