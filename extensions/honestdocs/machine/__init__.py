"""The machine that we run on, as far as every part that runs tools has to know it.

Owns where tools are. Must not know what they are asked, nor any other part of the product.
"""
