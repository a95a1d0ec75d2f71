"""Scopes to Graph: what each reference refers to, what feeds each call, which outputs there are.

`wire` is the entry point. `sharing` and `edges` come first, and need names only; `references` and `feeding` use each
other, since an absent item or an input of a block is resolved to what feeds it; `outputs` selects from the result.
"""
