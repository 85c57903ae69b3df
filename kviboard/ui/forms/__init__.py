"""What all forms share: fields, drafts, saving once, the drawer they open in.
Forms of one feature are in its own `forms`.
"""
