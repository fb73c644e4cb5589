"""What turns the engines' interface descriptions into the generated bindings: `python -m codegen`."""
