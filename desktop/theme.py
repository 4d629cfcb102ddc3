"""How Attune looks: Fusion with palettes of our own, light and dark as the system is, and its spacing and type.

All pairs of text and background reach a contrast of 4.5 to 1 (WCAG 2.2, AA) except where something is disabled.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

SPACE = 8  # px; margins and gaps are multiples of it

Role = QPalette.ColorRole
LIGHT = {
    Role.Window: "#f6f7f9",
    Role.WindowText: "#1c2128",
    Role.Base: "#ffffff",
    Role.AlternateBase: "#f0f2f5",
    Role.Text: "#1c2128",
    Role.PlaceholderText: "#5f6875",
    Role.Button: "#e8ebef",
    Role.ButtonText: "#1c2128",
    Role.BrightText: "#b3261e",
    Role.ToolTipBase: "#1c2128",
    Role.ToolTipText: "#f6f7f9",
    Role.Highlight: "#1f5fbf",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#1f5fbf",
    Role.Link: "#1a56b0",
    Role.LinkVisited: "#6b3fa0",
    Role.Light: "#ffffff",
    Role.Midlight: "#eceff2",
    Role.Mid: "#c2c8d0",
    Role.Dark: "#9aa2ad",
    Role.Shadow: "#5f6875",
}
DARK = {
    Role.Window: "#1b1f25",
    Role.WindowText: "#e6e9ed",
    Role.Base: "#14171c",
    Role.AlternateBase: "#1f242b",
    Role.Text: "#e6e9ed",
    Role.PlaceholderText: "#9aa4b1",
    Role.Button: "#2a3038",
    Role.ButtonText: "#e6e9ed",
    Role.BrightText: "#ff8a80",
    Role.ToolTipBase: "#2f3640",
    Role.ToolTipText: "#f2f4f7",
    Role.Highlight: "#2e6fd0",
    Role.HighlightedText: "#ffffff",
    Role.Accent: "#6ea8fe",
    Role.Link: "#7db0ff",
    Role.LinkVisited: "#c3a3f0",
    Role.Light: "#3a424d",
    Role.Midlight: "#323943",
    Role.Mid: "#444c57",
    Role.Dark: "#0f1215",
    Role.Shadow: "#000000",
}
FAINT = {False: "#8b939e", True: "#6b7480"}  # disabled text, light and dark


class Style(QProxyStyle):
    """Fusion, with room around the texts of tables and their headers."""

    ROOM = (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_HeaderMargin)

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(  # noqa: N802 (Qt's name)
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        return SPACE if metric in self.ROOM else super().pixelMetric(metric, option, widget)


def palette(dark: bool) -> QPalette:
    chosen = QPalette()
    for role, color in (DARK if dark else LIGHT).items():
        chosen.setColor(role, QColor(color))
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        chosen.setColor(QPalette.ColorGroup.Disabled, role, QColor(FAINT[dark]))
    return chosen


class Theme(QObject):
    """Dresses the application, and dresses it again when the system turns light or dark."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.setStyle(Style())
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self.follow)
        self.follow(hints.colorScheme())

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Put on the palette of this scheme; an unknown one is light."""
        QApplication.setPalette(palette(dark=scheme == Qt.ColorScheme.Dark))


def heading(font: QFont) -> QFont:
    """The font of a page's title, from the platform's own size."""
    return _scaled(font, 1.6, QFont.Weight.DemiBold)


def subheading(font: QFont) -> QFont:
    return _scaled(font, 1.15, QFont.Weight.DemiBold)


def fixed(font: QFont) -> QFont:
    """Letters of one width, as large as `font`: the platform's own are often smaller."""
    letters = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    return _sized(letters, font, 1)


def _scaled(font: QFont, factor: float, weight: QFont.Weight) -> QFont:
    larger = _sized(QFont(font), font, factor)
    larger.setWeight(weight)
    return larger


def _sized(font: QFont, pattern: QFont, factor: float) -> QFont:
    """Give `font` the size of `pattern` times `factor`, in points or in pixels as the platform states it."""
    if pattern.pointSizeF() > 0:
        font.setPointSizeF(pattern.pointSizeF() * factor)
    else:
        font.setPixelSize(round(pattern.pixelSize() * factor))
    return font
