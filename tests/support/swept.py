"""An installation whose files may be swept: paired, with a request, and found fine by `doctor`."""

from publicmeeting.office import Office
from publicmeeting.usecases.oversight.installation import pair
from publicmeeting.worker.cleanup import note_files
from support.citizens import citizen, file, someone


def may_be_swept(office: Office, *, request: bool = True) -> None:
    if request:
        file(office, someone(77), citizen(office, someone(77).mobile))
    pair(office.store, office.files, office.clock(), adopt=True)
    note_files(office.store, office.clock(), fine=True)
