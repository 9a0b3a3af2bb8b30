"""Rules for images."""

load(":providers.bzl", "ImageInfo")

_ATTRS = {
    "src": attr.label(mandatory = True),
}

ImageInfo = provider(
    doc = "An image.",
    fields = ["digest"],
)

def _impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name)
    return [DefaultInfo(files = depset([out]))]

image = rule(implementation = _impl, attrs = _ATTRS)

def images(name, srcs = [], *, visibility = None, **kwargs):
    """Declares many images.

    Args:
      name: of all of them
    """
    for src in srcs:
        image(
            name = name + src,
            src = src,
        )
    native.filegroup(name = "inside a macro")
