"""Watching: check the same folders again and again, as they are typed; what stayed as it was is not checked again."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from atsugi_cli import store
from atsugi_cli.findings import Findings, in_order
from atsugi_cli.project.checking import Checking, Known, selected
from atsugi_cli.project.reading import Project


class Watch:
    """Checks that follow one another: `project` is as of the last one that came to its end."""

    def __init__(self, root: str = store.ROOT) -> None:
        """Begin with nothing checked."""
        self.project = Project(root)
        self._known: Known = {}

    def checked(
        self,
        paths: Sequence[str],
        unsaved: Mapping[str, bytes] = MappingProxyType({}),
        step: Callable[[str], None] = lambda _: None,
    ) -> Findings:
        """Check files and folders as `validate` does, with what is not saved yet; `step` may end it by an exception."""
        project = self.project.renewed(unsaved)
        known = dict(self._known)
        checking = Checking(project, selected(paths), known)
        found = in_order(checking.everything(step))
        kept = project.kept | {id(None)}  # of what is gone, another reading may get the identity
        self.project, self._known = project, {key: each for key, each in known.items() if kept.issuperset(key[:3])}
        return Findings(found, tuple(checking.texts.items()), len(checking.names))
