"""Items to scopes: values put in, copies made, blocks opened, each layer made and checked.

`expand` is the way in; `scopes` is what comes out.
"""
