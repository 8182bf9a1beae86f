"""The one root of errors that are told to people in a sentence."""


class GongshiError(Exception):
    """Something a person can mend: the message names the thing, what is wrong and how to mend it.

    ``exit_code`` is what the command ends with: 2 for wrong usage or a failed check, 3 for a
    failed fetch.

    >>> str(GongshiError("no file 'x.html': check the path"))
    "no file 'x.html': check the path"
    """

    exit_code = 2


class FetchError(GongshiError):
    """A page could not be fetched.

    >>> FetchError("the site did not answer").exit_code
    3
    """

    exit_code = 3
