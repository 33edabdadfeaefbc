"""What every test shares: where hypothesis keeps its examples, and that it looks at no clock."""

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parent.parent / "build" / "hypothesis")
# A machine that is busy with other tests is no fault of the one that it delays.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
