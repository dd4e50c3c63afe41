"""The programs of examples/ as cases: what each works on and sends is in the table of tests/examples."""

from __future__ import annotations

from collections.abc import Mapping

from tests.examples.test_v1_examples import EXAMPLES, SAMPLES, Sample
from tests.migrate.cases import Case, States

DONE, REVIEW = ("rewritten",), ("needs review",)
EITHER = (*DONE, *REVIEW)
ANY = (*EITHER, "left")

#: For each program, its v1 operations. All of v1/ also have the loop of v1_common.py.
CALLS: Mapping[str, Mapping[str, States]] = {
    "v1_story.py": {"POST /story/idea-2-video": REVIEW, "GET /story/{story_id}": DONE},  # FluxKontextPro
    "v1/story_idea_to_video.py": {"POST /story/idea-2-video": DONE},
    "v1/story_1_storyboard.py": {"POST /story": DONE},
    "v1/story_1_5_elements.py": {"POST /story/{story_id}/elements": REVIEW},  # FluxKontextPro, seed
    "v1/story_2_scenes.py": {"POST /story/{story_id}/scenes": REVIEW},
    "v1/story_2_scenes_storyboard.py": {"GET /story/{story_id}": DONE, "POST /story/{story_id}/scenes": REVIEW},
    "v1/story_3_videos.py": {"POST /story/{story_id}/videos": DONE},
    # `scenes` are laid over the storyboard's, which takes more than a renamed field
    "v1/story_3_videos_storyboard.py": {"GET /story/{story_id}": DONE, "POST /story/{story_id}/videos": ANY},
    "v1/story_get.py": {"GET /story/{story_id}": DONE},
    "v1/story_concat.py": {"POST /story/{story_id}/concat": DONE},
    "v1/media_from_image.py": {"POST /media": DONE},
    "v1/media_from_two_images.py": {"POST /media": DONE},
    "v1/media_from_urls.py": {"POST /media": DONE},
    "v1/media_from_prompt.py": {"POST /media": DONE},
    "v1/media_status.py": {"GET /media/{media_id}/processing-status": EITHER},
    "v1/media_get.py": {"GET /media/{media_id}": DONE},
    # Parallax stays on v1, and so does what follows on its id
    "v1/media_upload_motions.py": {
        "POST /media/upload": ("left",),
        "GET /media/{media_id}/processing-status": ANY,
        "GET /media/{media_id}/download": ANY,
    },
    "v1/media_upload_transition.py": {"POST /media/upload": REVIEW, "GET /media/{media_id}/download": DONE},
    "v1/media_prompt.py": {"POST /media/prompt": REVIEW, "GET /media/{media_id}/download": DONE},  # PromptStrength
    "v1/media_edit.py": {"PUT /media/{media_id}/edit": DONE},
    "v1/media_edit_resubmit.py": {"PUT /media/{media_id}/edit": REVIEW},  # RunwayML
    "v1/media_download.py": {"GET /media/{media_id}/download": DONE},
    "v1/media_download_sized.py": {"GET /media/{media_id}/download": REVIEW},  # width, file_size
    "v1/media_process.py": {"POST /media/{media_id}/process": EITHER},
}

#: Lines that show a media's status or progress: v2 has other words.
IGNORED = (r"^[0-9a-f-]{36}: ", r"^Media [0-9a-f-]{36}: \d+%$")


def _case(program: str, sample: Sample) -> Case:
    folder, _, file = program.rpartition("/")
    works_on = sample.works_on.__name__.replace("no_object", "")
    files = {file: EXAMPLES / program}
    calls = dict(CALLS[program])
    if folder:
        files["v1_common.py"] = EXAMPLES / folder / "v1_common.py"
        files |= {f"images/{path.name}": path for path in (EXAMPLES / folder / "images").iterdir()}
        calls.setdefault("GET /media/{media_id}/processing-status", EITHER)
    return Case(
        name=program,
        files=files,
        run=(file, "{id}") if works_on else (file,),
        works_on=works_on,
        sent=sample.sent,
        calls=calls,
        environment={"STORY_POLL_SECONDS": "0", "V1_POLL_SECONDS": "0", "V1_OUT": "."},
        saves=(sample.saves,) if sample.saves else (),
        outcomes=("failed",) if program == "v1_story.py" else (),
        ignore=IGNORED if "media" in program else (r": fail(ed)?$",),
    )


EXAMPLE_CASES = {name: _case(name, sample) for name, sample in SAMPLES.items()}
