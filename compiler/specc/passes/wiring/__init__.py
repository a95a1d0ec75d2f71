"""Scopes to Graph: what each reference stands for, what feeds each call, which outputs there are.

`wire` is the way in. `sharing` and `edges` come first, and need names alone; `references` and `feeding` ask each other,
since what an absent item or an input of a block stands for is what feeds it; `outputs` chooses from what was wired.
"""
