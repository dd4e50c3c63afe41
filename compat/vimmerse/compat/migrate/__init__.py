"""Help with moving source code from v1 calls to v2 calls. ``check`` finds v1 calls and explains what each becomes."""
