"""An installation whose files may be swept: paired, with a request, and found fine by `doctor`."""

from publicmeeting.application import Application
from publicmeeting.usecases.oversight.installation import pair
from publicmeeting.worker.cleanup import note_files
from support.citizens import citizen, file, someone


def may_be_swept(application: Application, *, request: bool = True) -> None:
    if request:
        file(application, someone(77), citizen(application, someone(77).mobile))
    pair(application.store, application.files, application.clock(), adopt=True)
    note_files(application.store, application.clock(), fine=True)
