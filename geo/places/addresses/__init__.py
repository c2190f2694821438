"""From an address as people write it to the place it means: own gazetteer, nothing asked outside.

``script`` and ``sounds`` bring writing and pronunciation to one form, ``parts`` reads the numbers,
``names`` finds names in a text, ``gazetteer`` holds what there is, ``matching`` weighs it,
``completion`` goes on with what is being typed. All of these are pure; ``store``, ``service`` and
``kept`` know the database.
"""
