"""Pictures and files: intake of uploads, drawn sheets, straightened papers, and their storage; open files.py first."""
