"""What MediaConvert is told of one original: an MP4 for each width, whose height follows from the picture's shape.

A picture that is smaller than that is scaled up to it. https://docs.aws.amazon.com/mediaconvert/latest/ug/video-scaling.html
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

BITS = {
    640: 1_200_000,
    854: 2_000_000,
    960: 2_500_000,
    1280: 5_000_000,
    1920: 8_500_000,
    2560: 16_000_000,
    3840: 35_000_000,
}
"""By width in pixels: the most bits a second; below that MediaConvert chooses by what is seen. Grade D: assumed."""
_AUDIO = {
    "CodecSettings": {
        "Codec": "AAC",
        "AacSettings": {"Bitrate": 128_000, "CodingMode": "CODING_MODE_2_0", "SampleRate": 48_000},
    }
}


def results(key: str, version: str, prefix: str) -> str:
    """Where what is made of a version of an original goes: the beginning of its results' keys, of the same owner's."""
    owner = key.partition("/")[0]
    return f"{owner}/{prefix}{version}/{PurePosixPath(key).stem}"


def _output(width: int) -> dict[str, Any]:
    h264 = {
        "RateControlMode": "QVBR",
        "MaxBitrate": BITS[width],
        "SceneChangeDetect": "TRANSITION_DETECTION",
        "QualityTuningLevel": "SINGLE_PASS_HQ",
    }
    return {
        "NameModifier": f"-{width}",
        "ContainerSettings": {"Container": "MP4"},
        "VideoDescription": {"Width": width, "CodecSettings": {"Codec": "H_264", "H264Settings": h264}},
        "AudioDescriptions": [_AUDIO],
    }


def settings(bucket: str, key: str, destination: str, widths: Sequence[int], kms_key: str) -> dict[str, Any]:
    """The settings of a job."""
    encryption = {"EncryptionType": "SERVER_SIDE_ENCRYPTION_KMS", "KmsKeyArn": kms_key}
    group = {
        "Type": "FILE_GROUP_SETTINGS",
        "FileGroupSettings": {
            "Destination": f"s3://{bucket}/{destination}",
            "DestinationSettings": {"S3Settings": {"Encryption": encryption}},
        },
    }
    source = {
        "FileInput": f"s3://{bucket}/{key}",
        "AudioSelectors": {"Audio Selector 1": {"DefaultSelection": "DEFAULT"}},
        "VideoSelector": {"Rotate": "AUTO"},  # as phones are held
        "TimecodeSource": "ZEROBASED",
    }
    return {
        "TimecodeConfig": {"Source": "ZEROBASED"},
        "Inputs": [source],
        "OutputGroups": [
            {
                "Name": "File Group",
                "OutputGroupSettings": group,
                "Outputs": [_output(each) for each in widths],
            }
        ],
    }
