// Only carries the precompiled header of a layer.
