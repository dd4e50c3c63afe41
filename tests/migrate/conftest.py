"""The programs of the corpus are input: their own tests are run by the tests here, not by pytest's collection."""

collect_ignore = ["corpus", "refusals"]
