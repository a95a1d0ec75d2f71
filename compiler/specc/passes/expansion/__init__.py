"""Items to scopes: values substituted, copies made, blocks expanded, each layer created and checked.

`expand` is the entry point; `scopes` is the result.
"""
