"""What every test shares: where hypothesis keeps its examples."""

from pathlib import Path

from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parent.parent / "build" / "hypothesis")
