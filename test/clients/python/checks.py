# One line a check, as the suites read it; and waiting with a reason.
import time


def check(title, run):
    try:
        run()
        print("ok " + title, flush=True)
    except Exception as error:  # the suite shows what the client said
        print("failed %s: %s" % (title, repr(error).replace("\n", " ")), flush=True)


def until(what, seconds, holds, state):
    deadline = time.time() + seconds
    while not holds():
        assert time.time() < deadline, "not after %d s: %s; %s" % (seconds, what, state())
        time.sleep(0.02)
