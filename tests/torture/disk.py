# SPDX-License-Identifier: ISC
"""What a power cut leaves of a folder: see FAULT_DISK in fault_plan.h."""

import os
import stat


class Disk:
    """All that is in the folder at first is taken to be on the disk."""

    def __init__(self, root, shadow):
        self.root = root
        self.shadow = shadow
        self.lists = {}
        self.contents = {}
        self.top = os.stat(root).st_ino
        os.mkdir(shadow)
        for folder, _, files in os.walk(root):
            with os.scandir(folder) as entries:
                self.lists[os.stat(folder).st_ino] = [
                    (e.inode(), e.name) for e in entries]
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    self.contents[os.stat(path).st_ino] = f.read()

    def read(self, kind, inode):
        try:
            with open(f"{self.shadow}/{kind}{inode}", "rb") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def list_of(self, inode):
        text = self.read("d", inode)
        if text is None:
            return self.lists.get(inode, [])
        pairs = [line.split(" ", 1) for line in text.decode().splitlines()]
        return [(int(number), name) for number, name in pairs]

    def folders(self):
        """The numbers of all folders, of which a list may be missing."""
        found = set(self.lists)
        for folder, _, _ in os.walk(self.root):
            found.add(os.stat(folder).st_ino)
        return found

    def restore(self, to):
        """Makes the folder as it would be found after the power cut.  What
        SQLite keeps in shared memory is not on the disk at all."""
        folders = self.folders()
        todo = [(self.top, to)]
        while todo:
            inode, path = todo.pop()
            if inode in folders:
                os.mkdir(path)
                todo += [(number, os.path.join(path, name))
                         for number, name in self.list_of(inode)]
            elif not path.endswith("-shm"):
                content = self.read("f", inode)
                if content is None:
                    content = self.contents.get(inode, b"")
                with open(path, "wb") as f:
                    f.write(content)
                os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
