"""Logs a run with a file and an artifact by W&B's own client, reads both back, and compares.

Arguments: a folder to work in, and the size of the large file in bytes. Prints one line of JSON: by the name of the step,
null where the bytes are the same, and otherwise what went wrong.
"""

import filecmp
import json
import os
import pathlib
import sys

import wandb

folder, size = pathlib.Path(sys.argv[1]), int(sys.argv[2])
ENTITY, PROJECT = "omega", "interop"


def write(name: str, length: int) -> pathlib.Path:
    """Bytes at both ends and zeros between them: a large file takes no room."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(os.urandom(min(length, 1 << 20)))
        if length > 1 << 20:
            file.seek(length - 16)
            file.write(os.urandom(16))
    return path


def attempt(step) -> str | None:
    try:
        return step()
    except Exception as error:  # Whatever it is, it is the result.
        return f"{type(error).__name__}: {error}"


written = {"note.txt": write("logged/note.txt", 300), "large.bin": write("logged/large.bin", size)}
run = wandb.init(entity=ENTITY, project=PROJECT, dir=str(folder))
run.log({"loss": 0.5})
for path in written.values():
    run.save(str(path), base_path=str(path.parent), policy="now")


def log_artifact() -> None:
    artifact = wandb.Artifact("model", type="model")
    for name, path in written.items():
        artifact.add_file(str(path), name=name, policy="immutable", skip_cache=True)
    run.log_artifact(artifact).wait(timeout=300)


def read_files() -> str | None:
    logged = wandb.Api().run(f"{ENTITY}/{PROJECT}/{run.id}")
    for name, path in written.items():
        logged.file(name).download(root=str(folder / "files"), replace=True)
        if not filecmp.cmp(path, folder / "files" / name, shallow=False):
            return f"{name} differs"
    return None


def read_artifact() -> str | None:
    artifact = wandb.Api().artifact(f"{ENTITY}/{PROJECT}/model:latest")
    root = pathlib.Path(artifact.download(root=str(folder / "artifact"), skip_cache=True))
    different = [name for name, path in written.items() if not filecmp.cmp(path, root / name, shallow=False)]
    return f"{', '.join(different)} differs" if different else None


result = {"log artifact": attempt(log_artifact)}
run.finish()
result["read files"] = attempt(read_files)
# What was not written cannot be read, and the client would try for twenty minutes.
if result["log artifact"] is None:
    result["read artifact"] = attempt(read_artifact)
print(json.dumps(result), flush=True)
