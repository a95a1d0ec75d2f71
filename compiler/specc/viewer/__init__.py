"""`specc view`: pages of specs that are drawn anew whenever a spec is saved."""
