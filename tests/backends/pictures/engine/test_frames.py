"""Open frames."""

from __future__ import annotations

from typing import Any

from tests.support.engine import card, js

BOX = {"x": 0, "y": 0, "width": 200, "height": 90}
PATH = "M6 0H194A6 6 0 0 1 200 6V84A6 6 0 0 1 194 90H6A6 6 0 0 1 0 84V6A6 6 0 0 1 6 0Z"


def drawn(card: dict[str, Any], depth: int = 0) -> str:
    svg: str = js("frameSvg(card, box, depth, THEMES.light)", "frames", "theme", card=card, box=BOX, depth=depth)
    return svg


def test_a_frame() -> None:
    assert drawn(card("f0", "residual", form="block", name="stage1")) == (
        f'<g class="cluster" id="f0"><path class="shape deep0" d="{PATH}" fill="#f5f7fa" stroke="#8c9bb0"/>'
        '<text x="8" y="12.5"><tspan class="ink" font-size="9.5" font-weight="bold" fill="#0f172a">stage1</tspan>'
        '<tspan class="soft" font-size="8" fill="#475569">\u00a0\u00a0residual</tspan></text></g>'
    )


def test_frames_in_frames_differ_by_turns() -> None:
    fills = [drawn(card("f0", "residual"), depth).partition('fill="')[2][:7] for depth in range(3)]
    assert fills == ["#f5f7fa", "#e9eef4", "#f5f7fa"]


def test_a_stack_a_shared_frozen_and_a_changed_frame() -> None:
    svg = drawn(
        card(
            "f0", "decoder", times=12, frozen=True, badge="A", mark="changed", notes=["heads 8 -> 12", "rate 0.1 -> 0"]
        )
    )
    assert svg.startswith('<g class="sheets changed"><path class="shape deep0"')
    assert '<g class="cluster changed" id="f0">' in svg
    assert ">decoder × 12</tspan>" in svg  # noqa: RUF001  # as a picture has it
    assert ">\u00a0\u00a0frozen</tspan>" in svg
    assert ">\u00a0\u00a0heads 8 -&gt; 12, rate 0.1 -&gt; 0</tspan>" in svg
    assert 'class="badge"' in svg
    assert 'class="ray"' in svg


def test_a_title_has_room_for_its_signs() -> None:
    width, with_sign = js("[plain, shared].map(titleWidth)", "frames", plain=card("f", "block"), shared=card("f", "block", badge="A"))  # fmt: skip
    assert with_sign > width > js("textWidth('block', 9.5, true)", "text")
