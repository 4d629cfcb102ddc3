from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette

from desktop import theme
from desktop.theme import Role, Theme

READ_TOGETHER = [
    (Role.WindowText, Role.Window),
    (Role.WindowText, Role.Midlight),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.ButtonText, Role.Button),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.LinkVisited, Role.Base),
    (Role.BrightText, Role.Window),
]


def luminance(color):
    """Relative luminance after WCAG 2.2."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ_TOGETHER, ids=lambda role: role.name)
def test_text_can_be_read_on_its_ground(dark, text, ground):
    palette = theme.palette(dark)
    assert contrast(palette.color(text), palette.color(ground)) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_selected_row_stands_out(dark):
    palette = theme.palette(dark)
    for ground in (Role.Base, Role.AlternateBase):
        assert contrast(palette.color(Role.Highlight), palette.color(ground)) >= 3


def test_the_palettes_are_light_and_dark_and_name_the_same_roles():
    assert theme.LIGHT.keys() == theme.DARK.keys()
    assert theme.palette(dark=False).color(Role.Window).lightness() > 200
    assert theme.palette(dark=True).color(Role.Window).lightness() < 60


def test_the_application_turns_dark_with_the_system(qapp):
    dressed = Theme(qapp)
    hints = qapp.styleHints()
    try:
        for scheme, dark in ((Qt.ColorScheme.Dark, True), (Qt.ColorScheme.Light, False)):
            hints.colorSchemeChanged.emit(scheme)
            assert qapp.palette().color(Role.Window) == theme.palette(dark).color(Role.Window)
        dressed.follow(Qt.ColorScheme.Unknown)
        assert qapp.palette().color(Role.Window) == theme.palette(dark=False).color(Role.Window)
    finally:
        hints.colorSchemeChanged.disconnect(dressed.follow)


def test_disabled_text_is_fainter():
    palette = theme.palette(dark=False)
    disabled = palette.color(QPalette.ColorGroup.Disabled, Role.WindowText)
    assert disabled.lightness() > palette.color(Role.WindowText).lightness()


def test_headings_grow_from_the_size_of_the_platform():
    points, pixels = QFont(), QFont()
    points.setPointSizeF(10)
    pixels.setPixelSize(20)
    assert theme.heading(points).pointSizeF() == pytest.approx(16)
    assert theme.heading(pixels).pixelSize() == 32
