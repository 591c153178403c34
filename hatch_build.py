"""Build hook: a wheel carries the engine compiled, an editable install gets it into the source tree.

Without a C compiler, or with HETSIM_NO_COMPILER=1, the wheel is a pure one; nothing else changes.
"""

import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = Path("hetsim", "engine", "native")


class EngineHook(BuildHookInterface):
    """Compiles hetsim/engine/native for wheels."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is put together; `version` is "standard" or "editable"."""
        build = self._build_module()
        source = Path(self.root) / NATIVE
        if version == "editable":
            build.remove_built(source)
            _, message = build.compile_all(source)
        else:
            self._folder = Path(tempfile.mkdtemp(prefix="hetsim-build-"))
            made, message = build.compile_all(self._folder)
            for path in made:
                build_data["force_include"][str(path)] = (NATIVE / path.name).as_posix()
            if made:
                build_data["pure_python"] = False
                build_data["tag"] = f"py3-none-{self._platform()}"
        print(message, file=sys.stderr)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is there."""
        if version != "editable":
            shutil.rmtree(self._folder, ignore_errors=True)

    def _build_module(self) -> Any:
        """hetsim.engine.native.build by its path: hetsim itself cannot be imported in a build."""
        path = Path(self.root) / NATIVE / "build.py"
        spec = importlib.util.spec_from_file_location("hetsim_native_build", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module

    def _platform(self) -> str:
        """The platform's part of hatchling's tag; the library is loaded with ctypes and fits every Python."""
        return str(self.build_config.builder.get_best_matching_tag()).rsplit("-", 1)[-1]
