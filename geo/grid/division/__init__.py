"""Automatic division of an area into balanced cells. Pure: ``divide.divide(case, rules)``.

``model`` says what goes in and comes out, ``rules`` which bounds are meant. In the order of work:
``slices`` (buildings above the maximum), ``graph`` and ``feasibility`` (what can be divided),
``search`` (seed, repair, by the kernels ``net``, ``spanning``, ``trees``, ``recut`` and
``sweeps``), ``settle`` (borders to streets, round cells, by the kernel ``flips``),
``pockets`` (ways out for cells that are shut in), ``rebalance`` (from previous cells), ``report``
(what misses its bounds, and why).
"""
