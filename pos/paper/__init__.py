"""Paper: what a slip says (document, slips), how it is set (layout), printed (escpos, connection) and shown (preview).

Nothing is imported here, so that the sandbox can borrow the letters (glyphs) without the shop.
"""
