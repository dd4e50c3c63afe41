"""Help with the move from v1's calls to v2's, on source code.

check/    finds v1 calls, and says what each becomes; changes nothing
"""
