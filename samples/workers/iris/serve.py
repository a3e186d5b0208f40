"""The worker of the iris model: started by Larder from the unpacked zip, `python3 {snapshot}/serve.py`."""

import pickle
from pathlib import Path

from larder_worker import InputError, serve

with open(Path(__file__).parent / "predictor.pkl", "rb") as file:
    model = pickle.load(file)


def predict(inputs):
    faults = [
        (f"inputs.{name}", "A number is needed, in centimetres.")
        for name in model.features
        if not isinstance(inputs.get(name), (int, float)) or isinstance(inputs.get(name), bool)
    ]
    faults += [(f"inputs.{name}", "The model has no such input.") for name in inputs if name not in model.features]
    if faults:
        raise InputError(*faults)
    species, share = model.predict([inputs[name] for name in model.features])
    return {"species": species, "share": share}


serve(
    predict,
    name="iris",
    inputs=[{"name": name, "type": "float64", "shape": [1]} for name in model.features],
    outputs=[
        {"name": "species", "type": "string", "shape": [1]},
        {"name": "share", "type": "float64", "shape": [1]},
    ],
)
