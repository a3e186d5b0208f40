"""A worker that does what its test says: at its start by the variable START, then by the input 'do' of each request."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

requests = os.fdopen(3, "rb")
answers = os.fdopen(4, "wb")


def send(text):
    answers.write(text.encode() + b"\n")
    answers.flush()


def for_ever():
    while True:
        time.sleep(1000)


def wait_for(path):
    """Opens a pipe that the test opens when it wants this to go on."""
    open(path, "rb").close()


def tell(path, text):
    """Writes to a pipe that the test reads from, and keeps it open as long as this process and its children live."""
    pipe = os.open(path, os.O_WRONLY)
    os.set_inheritable(pipe, True)
    os.write(pipe, (text + "\n").encode())
    return pipe


def family(path):
    """A child, and a child of a child in a session of its own, which hold the pipe open and never end."""
    pipe = tell(path, "family")
    forever = "import time\nwhile True: time.sleep(1000)"
    subprocess.Popen([sys.executable, "-c", forever], close_fds=False)
    subprocess.Popen(["setsid", sys.executable, "-c", forever], close_fds=False)
    return pipe


start = os.environ.get("START", "")
print("starting", start)
if start == "die":
    print("no such library: tensorthing", file=sys.stderr, flush=True)
    sys.exit(3)
elif start == "never":
    print("loading for ever", file=sys.stderr, flush=True)
    for_ever()
elif start == "garbage":
    send("Loading checkpoint shards: 100%")
    for_ever()
elif start == "other-protocol":
    send('{"ready": true, "protocol": 2}')
    for_ever()
elif start == "ignore":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
elif start == "wait":
    tell(os.environ["PIPE"], "started")
    wait_for(os.environ["GATE"])
elif start == "unless":
    if os.path.exists(os.environ["MARK"]):
        print("this cannot start any more", file=sys.stderr, flush=True)
        sys.exit(4)
elif start == "once":
    # The first that starts; others after it find the mark.
    mark = os.environ["MARK"]
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        print("this can start only once", file=sys.stderr, flush=True)
        sys.exit(4)
if "ALIVE" in os.environ:
    tell(os.environ["ALIVE"], "alive")

send(
    json.dumps(
        {
            "ready": True,
            "protocol": 1,
            "name": "test",
            "inputs": [{"name": "do", "type": "string", "shape": [-1, "batch", 3, None]}],
            "outputs": [{"name": "echo", "type": "float64"}],
        }
    )
)

for line in requests:
    request = json.loads(line)
    number = request["id"]
    if "ping" in request:
        send(json.dumps({"id": number, "pong": True}))
        continue
    inputs = request["inputs"]
    do = inputs.get("do", "echo")
    if do == "hang":
        for_ever()
    elif do == "die":
        print("out of memory, says the worker", file=sys.stderr, flush=True)
        os._exit(9)
    elif do == "answer and die":
        send(json.dumps({"id": number, "outputs": {"echo": 1}}))
        os._exit(0)
    elif do == "close":
        answers.close()
        for_ever()
    elif do == "garbage":
        send("this is no document")
    elif do == "unknown id":
        send(json.dumps({"id": number + 1000, "outputs": {"echo": 1}}))
    elif do == "twice":
        send(json.dumps({"id": number, "outputs": {"echo": 1}}))
        send(json.dumps({"id": number, "outputs": {"echo": 1}}))
        continue
    elif do == "no outputs":
        send(json.dumps({"id": number, "outputs": {}}))
    elif do == "surrogate":
        send('{"id": %d, "error": {"message": "\\ud800"}}' % number)
    elif do == "latin":
        answers.write(b'{"id": %d, "outputs": {"echo": "gr\xf6\xdfe"}}\n' % number)
        answers.flush()
    elif do == "deep":
        send('{"id": %d, "outputs": {"a": %s}}' % (number, "[" * 100 + "]" * 100))
    elif do == "flood":
        while True:
            answers.write(b"x" * 65536)
    elif do == "error":
        send(json.dumps({"id": number, "error": {"message": "Not today."}}))
    elif do == "faults":
        fault = {"path": "inputs.rooms", "message": "A number is needed."}
        send(json.dumps({"id": number, "error": {"message": "They do not fit.", "inputs": [fault]}}))
    elif do == "print":
        for i in range(inputs["lines"]):
            print(f"line {i} {inputs.get('text', '')}", flush=i % 100 == 0)
            print(f"error {i}", file=sys.stderr)
        sys.stdout.flush()
        send(json.dumps({"id": number, "outputs": {"echo": 1}}))
    elif do == "environment":
        send(json.dumps({"id": number, "outputs": {"environment": dict(os.environ), "cwd": os.getcwd()}}))
    elif do == "family":
        held = family(inputs["pipe"])
        send(json.dumps({"id": number, "outputs": {"echo": os.getpid()}}))
    elif do == "wait":
        tell(inputs["pipe"], "at work")
        wait_for(inputs["gate"])
        send(json.dumps({"id": number, "outputs": {"echo": inputs.get("value", 0)}}))
    elif do == "thread garbage":
        # Behind the answer, while nobody asks anything.
        def later():
            wait_for(inputs["gate"])
            send("nobody asked")

        threading.Thread(target=later, daemon=True).start()
        send(json.dumps({"id": number, "outputs": {"echo": os.getpid()}}))
    else:
        send(json.dumps({"id": number, "outputs": {"echo": inputs.get("value"), "process": os.getpid()}}))
