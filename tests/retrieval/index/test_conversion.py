"""A converted model gives the same vectors, or is not used; what is kept is used only whole, and for what it is of."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from retrieval.index import conversion, converted, converting, embed, reference
from retrieval.index.converted import Converted, passes
from retrieval.index.embed import Embedder
from retrieval.index.families import Prompts
from retrieval.index.precision import PRECISION
from retrieval.index.reference import Reference
from retrieval.index.weights import revision_of
from tests.support.conversions import make_here, skip_without_openvino
from tests.support.places import ROOT
from tests.support.tiny_model import make_tiny_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

skip_without_openvino()

TEXTS = ["The harbour was shut.", "Who shut it?", "", "Bread needs flour and water. " * 30, "Über 42 boats — €3.5m"]


@pytest.fixture(autouse=True)
def in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is outside of tests, which share a folder; in float32, where models differ least."""
    monkeypatch.setattr(conversion, "FOLDER", "models")
    monkeypatch.setenv(PRECISION, "float32")


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    make_here(monkeypatch)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model with random weights, which has the built-in one's tokenizer and prompts."""
    prompts = {"query": "question: ", "document": "some text: "}
    return make_tiny_model(tmp_path_factory.mktemp("tiny") / "model", prompts)


@pytest.fixture(scope="module")
def first(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the conversion of `tiny`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conversion, "FOLDER", "models")
        patch.setenv(PRECISION, "float32")
        make_here(patch)
        folder = tmp_path_factory.mktemp("first")
        assert Embedder(str(tiny), folder).load().runtime == "OpenVINO"
        return folder


@pytest.fixture
def later(first: Path, tmp_path: Path) -> Path:
    """A data folder like `first`, for one test alone."""
    shutil.copytree(first, tmp_path / "later")
    return tmp_path / "later"


def kept(data_folder: Path) -> list[Path]:
    return sorted(path.parent for path in (data_folder / "models").glob("*/conversion.json"))


def the_one(data_folder: Path) -> Path:
    (only,) = kept(data_folder)
    return only


class Loads:
    """Counts how often sentence-transformers loads a model."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        load = reference.load_model

        def counted(*arguments: Any) -> SentenceTransformer:
            self.count += 1
            return load(*arguments)

        monkeypatch.setattr(converting, "load_model", counted)
        monkeypatch.setattr(embed, "load_model", counted)


@pytest.fixture
def loads(in_this_process: None, monkeypatch: pytest.MonkeyPatch) -> Loads:
    return Loads(monkeypatch)


def test_it_is_made_once_and_gives_what_the_reference_gives(tiny: Path, tmp_path: Path, loads: Loads) -> None:
    plain = Embedder(str(tiny))
    for number in (1, 2):  # when it is made, and when it was
        quick = Embedder(str(tiny), tmp_path)
        assert np.allclose(quick.embed_passages(TEXTS), plain.embed_passages(TEXTS), atol=2e-3)  # half precision
        for text in TEXTS:
            assert np.allclose(quick.embed_question(text), plain.embed_question(text), atol=1e-5), text
        assert (quick.load().runtime, plain.load().runtime) == ("OpenVINO", "torch")
        assert (quick.dimension, quick.token_limit) == (plain.dimension, plain.token_limit) == (32, 100 - 2 - 3)
        assert quick.count_tokens(TEXTS) == plain.count_tokens(TEXTS)
        assert quick.identity == plain.identity
        assert loads.count == 2, number  # one for `plain`, one to convert
    # Both prompts were put before their texts, or these would be the same.
    assert not np.allclose(quick.embed_question(TEXTS[0]), quick.embed_passages(TEXTS[:1])[0], atol=0.01)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_may_read_it(first: Path) -> None:
    folders = [first / "models", the_one(first)]
    for path in (*folders, *the_one(first).iterdir()):
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
    assert {path.name for path in folders[0].iterdir() if path.is_dir()} == {folders[1].name}  # nothing half made


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another(path: Path) -> None:
    """Make it a whole conversion, of another model."""
    about = json.loads(path.read_text())["about"]
    about["origin"]["revision"] = "another"
    path.write_text(json.dumps({"about": about, "seal": conversion.seal(about)}))


def resized(path: Path) -> None:
    path.write_text(path.read_text().replace('"longest": 100', '"longest": 90'))


def no_object(path: Path) -> None:
    path.write_text("[1, 2]")


DAMAGE = [
    *((name, damage) for name in ("model.xml", "model.bin", "tokenizer.json") for damage in (cut, flip, Path.unlink)),
    *(("conversion.json", damage) for damage in (cut, flip, Path.unlink, of_another, resized, no_object)),
]


@pytest.mark.parametrize(("name", "damage"), DAMAGE, ids=lambda each: getattr(each, "__name__", each))
def test_what_is_damaged_or_of_another_model_is_not_used(
    tiny: Path, later: Path, name: str, damage: Callable[[Path], None]
) -> None:
    place = the_one(later)
    origin = conversion.origin_of(str(tiny), revision_of(tiny), tiny)
    assert conversion.opened(place, origin, Prompts()) is not None
    before = (place / name).read_bytes()
    damage(place / name)
    assert not (place / name).exists() or (place / name).read_bytes() != before
    assert conversion.opened(place, origin, Prompts()) is None


def test_what_is_damaged_is_made_anew(tiny: Path, later: Path, loads: Loads) -> None:
    vectors = Embedder(str(tiny), later).embed_passages(TEXTS)
    flip(the_one(later) / "model.bin")
    again = Embedder(str(tiny), later)
    assert np.array_equal(again.embed_passages(TEXTS), vectors)
    assert (again.load().runtime, loads.count) == ("OpenVINO", 1)
    assert Embedder(str(tiny), later).load().runtime == "OpenVINO"
    assert loads.count == 1


def test_a_changed_model_is_converted_anew_and_the_old_one_forgotten(tiny: Path, tmp_path: Path, loads: Loads) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny, folder)
    before = Embedder(str(folder), tmp_path).embed_question("Who?")
    first = the_one(tmp_path)
    config = folder / "config_sentence_transformers.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": {"query": "else: ", "document": ""}}))
    reworded = Embedder(str(folder), tmp_path)
    assert not np.allclose(reworded.embed_question("Who?"), before, atol=1e-3)  # the weights are the same
    second = the_one(tmp_path)
    import torch
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(8)
    exchanged = SentenceTransformer(str(folder), device="cpu")
    with torch.no_grad():
        for weights in exchanged.parameters():
            weights += torch.randn_like(weights) * 0.05
    exchanged.save(str(folder))
    other = Embedder(str(folder), tmp_path)
    assert np.allclose(other.embed_question("Who?"), Embedder(str(folder)).embed_question("Who?"), atol=1e-5)
    assert len({first, second, the_one(tmp_path)}) == 3
    assert loads.count == 4


def test_what_a_crash_left_half_made_is_swept(in_this_process: None, tiny: Path, tmp_path: Path) -> None:
    half = tmp_path / "models" / "making-abc"
    half.mkdir(parents=True)
    (half / "model.bin").write_bytes(b"half")
    assert Embedder(str(tiny), tmp_path).load().runtime == "OpenVINO"
    assert not half.exists()


def test_two_that_start_at_once_convert_once(tiny: Path, tmp_path: Path, loads: Loads) -> None:
    with ThreadPoolExecutor(2) as pool:
        models = list(pool.map(lambda _: Embedder(str(tiny), tmp_path).load(), range(2)))
    assert [model.runtime for model in models] == ["OpenVINO", "OpenVINO"]
    assert loads.count == 1


def test_many_threads_get_their_own_vectors_from_one_graph(tiny: Path, first: Path) -> None:
    model = Embedder(str(tiny), first)
    expected = {text: model.embed_passages([text])[0] for text in TEXTS}
    wrong: list[str] = []

    def ask(number: int) -> None:
        for turn in range(20):
            text = TEXTS[(number + turn) % len(TEXTS)]
            if not np.allclose(model.embed_passages([text])[0], expected[text], atol=2e-3):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def slow_tokenizer(model: SentenceTransformer, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(type(model.tokenizer), "is_fast", False)


def left_padding(model: SentenceTransformer, _: pytest.MonkeyPatch) -> None:
    model.tokenizer.padding_side = "left"


def left_out_prompt(model: SentenceTransformer, _: pytest.MonkeyPatch) -> None:
    model.set_pooling_include_prompt(False)


def odd_module(model: SentenceTransformer, _: pytest.MonkeyPatch) -> None:
    import torch

    model.append(torch.nn.Identity())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (slow_tokenizer, "its tokenizer is not one of"),
        (left_padding, "its tokenizer pads"),
        (left_out_prompt, "it leaves its prompt out"),
        (odd_module, "it has a module Identity"),
    ],
)
def test_models_that_cannot_be_the_same_are_refused(
    tiny: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[SentenceTransformer, pytest.MonkeyPatch], None],
    reason: str,
) -> None:
    model = Reference(reference.load_model(str(tiny), "tiny", "float32"), Prompts())
    converting.check_convertible(model, 10**12)
    change(model.model, monkeypatch)
    with pytest.raises(converting.Refused, match=reason):
        converting.check_convertible(model, 10**12)


def falls_back(tiny: Path, data_folder: Path, caplog: pytest.LogCaptureFixture, reason: str) -> None:
    """The model is computed by sentence-transformers then, and one line says why."""
    caplog.clear()
    caplog.set_level(logging.INFO, logger="retrieval")  # which tests of the log make quieter
    model = Embedder(str(tiny), data_folder)
    assert np.allclose(model.embed_question("Who?"), Embedder(str(tiny)).embed_question("Who?"), atol=1e-5)
    assert model.load().runtime == "torch"
    told = [line for line in caplog.messages if "is computed by sentence-transformers" in line]
    assert len(told) == 1
    assert reason in told[0]
    assert kept(data_folder) == []
    assert list((data_folder / "models").glob("making-*")) == []


def test_a_conversion_that_gives_other_vectors_is_refused_and_not_tried_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, loads: Loads
) -> None:
    monkeypatch.setattr(Converted, "passages", lambda self, texts: np.roll(self.questions(texts), 1, axis=1))
    falls_back(tiny, tmp_path, caplog, "its vectors are others")
    before = loads.count
    falls_back(tiny, tmp_path, caplog, "its vectors are others")
    assert loads.count == before + 2  # either embedder's own


def test_a_conversion_that_gives_no_numbers_is_refused(
    in_this_process: None, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Converted, "passages", lambda self, texts: self.questions(texts) * np.nan)
    falls_back(tiny, tmp_path, caplog, "its vectors are others")


@pytest.mark.parametrize(
    ("name", "error", "reason"),
    [
        ("_graph_of", converting.Refused("converting failed: no such operation"), "no such operation"),
        ("_write", OSError(28, "No space left on device"), "No space left on device"),
        ("_write", RuntimeError("cannot write model.bin"), "cannot write model.bin"),
        ("check_alike", RuntimeError("Exception from src/inference"), "Exception from src/inference"),
        ("openvino", ImportError("no openvino"), "OpenVINO is not installed"),
    ],
)
def test_whatever_fails_sentence_transformers_goes_on(
    in_this_process: None,
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    error: Exception,
    reason: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(conversion if name == "openvino" else converting, name, fail)
    falls_back(tiny, tmp_path, caplog, reason)


def test_a_disk_that_is_nearly_full_is_left_alone(
    in_this_process: None, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 9 * 10**8, 10**8))  # pyright: ignore
    falls_back(tiny, tmp_path, caplog, "100 MB are free on the disk")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 0, 10**9))  # pyright: ignore
    assert Embedder(str(tiny), tmp_path).load().runtime == "OpenVINO"  # it is looked at again


def test_a_folder_that_is_not_there_is_not_made(tiny: Path, tmp_path: Path) -> None:
    assert Embedder(str(tiny), tmp_path / "none").load().runtime == "torch"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("most", [1, 64, 512])
def test_a_pass_holds_what_is_about_as_long(most: int) -> None:
    lengths = [3, 250, 9, 17, 100, 101, 8, 0]
    made = list(passes(lengths, most))
    assert sorted(place for places, _ in made for place in places) == list(range(len(lengths)))
    for places, width in made:
        assert width % converted.WIDTH == 0
        assert max(lengths[place] for place in places) <= width
        assert len(places) == 1 or len(places) * width <= most


ASKING = """
import json, sys
from pathlib import Path
sent = []
def listen(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "os.fork"):
        sent.append(event)
sys.addaudithook(listen)
from retrieval.index.embed import Embedder
embedder = Embedder(sys.argv[1], Path(sys.argv[2]))
embedder.embed_question("Who?")
embedder.embed_passages(["A text."])
heavy = {"torch", "transformers", "sentence_transformers", "openvino_telemetry.main"} & sys.modules.keys()
print(json.dumps([sorted(heavy), embedder.load().runtime, sent]))
"""


@pytest.mark.parametrize("code", ["raise MemoryError('too much')", "import os; os.abort()"])
def test_a_process_that_dies_while_it_converts_is_none_of_ours(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    (tmp_path / "dying.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(conversion, "MAKER", "dying")
    falls_back(tiny, tmp_path, caplog, "converting failed: ")


def test_no_start_imports_torch_and_nothing_is_ever_reported(tiny: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "data").mkdir()
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    environment |= {"HOME": str(home), "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", PRECISION: "float32"}
    said = []
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", ASKING, str(tiny), str(tmp_path / "data")],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=environment,
        )
        assert run.returncode == 0, run.stderr
        said.append(json.loads(run.stdout.splitlines()[-1]))
    assert said == [[[], "OpenVINO", []]] * 2  # when it is converted, and when it was
    assert not (home / "intel").exists()  # where the package that reports keeps its number of this machine


def test_one_place_imports_what_would_report() -> None:
    importing = re.compile(r"^\s*(?:import|from) openvino|^[^#\n]*\bimport\w*\(.openvino", re.MULTILINE)
    folders = ("bot", "retrieval", "benchmarks", "docs", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    found = [path.name for path in files if importing.search(path.read_text(encoding="utf-8"))]
    assert found == ["converted.py"]


def test_the_built_in_models_weights_are_checked_before_its_conversion_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reference, "BUILT_IN_SHA256", "0" * 64)
    with pytest.raises(reference.ModelUnavailable, match="not the published ones"):
        Embedder(None, tmp_path).load()
    assert not (tmp_path / "models").exists()
