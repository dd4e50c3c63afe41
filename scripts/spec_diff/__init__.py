"""What a change of openapi/v1.yaml and v2.yaml means, for whom: ``scripts/spec-diff``.

``sources`` reads two sides, ``shapes`` brings each into a form in which only meaning differs, ``compare`` finds the
changes (with ``compare_schemas`` and ``renames``), and ``catalogue`` has their rules. ``impact`` judges each for every
audience, with ``compat_impact`` and ``v1_impact``, which ask the rules of the compat layer, and with ``prices`` and
``rates``, which ask for estimates and compare prices.
``work`` lists what is left to do in this repository, ``report`` writes it down, and ``check`` compares it with
CHANGELOG.md and the version. ``diff`` runs these steps.
"""
