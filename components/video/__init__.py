"""Video that is converted: a queue of MediaConvert, and the role that its jobs run in."""

from components.video.converter import Converter, ConverterArgs

__all__ = ["Converter", "ConverterArgs"]
