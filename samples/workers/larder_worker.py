"""Puts a predictor behind Larder. Copy this file beside your own, load your model there, and call serve(predict)."""

import json
import os
import traceback


class InputError(Exception):
    """Raised by a predictor whose inputs do not fit: InputError(("inputs.petal_length", "A number is needed."), …)."""

    def __init__(self, *faults):
        super().__init__(" ".join(f"{path}: {message}" for path, message in faults))
        self.faults = [{"path": path, "message": message} for path, message in faults]


def serve(predict, **told):
    """Answers with predict(inputs), a dict of outputs by name, until Larder closes the channel.

    What else is given (name, inputs, outputs) is told of the model, and shown by GET /api/models.
    """
    requests = os.fdopen(int(os.environ["LARDER_WORKER_IN"]), "rb")
    answers = os.fdopen(int(os.environ["LARDER_WORKER_OUT"]), "wb")

    def send(document):
        # Not a number and infinities are no JSON: better an error here than a line that nobody can read.
        answers.write(json.dumps(document, allow_nan=False).encode() + b"\n")
        answers.flush()

    send({"ready": True, "protocol": 1, **told})
    for line in requests:
        request = _read(line)
        if "ping" in request:
            send({"id": request["id"], "pong": True})
            continue
        try:
            send({"id": request["id"], "outputs": predict(request["inputs"])})
        except InputError as fault:
            send({"id": request["id"], "error": {"message": str(fault), "inputs": fault.faults}})
        except Exception as failure:
            # The reason is for Larder's log; callers are told what kind it is and no more.
            traceback.print_exc()
            send({"id": request["id"], "error": {"message": f"The predictor failed ({type(failure).__name__})."}})


def _read(line):
    try:
        return json.loads(line)
    except ValueError:
        return json.loads(line, parse_int=_number)


def _number(digits):
    # Python reads no whole number of more than 4,300 digits, and JSON may have one: no caller is to end the worker with it.
    return int(digits) if len(digits) < 4300 else float(digits)
