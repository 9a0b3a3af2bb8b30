<?php

namespace Lumen;

/** Blurs a picture. */
class Filter
{
    public function apply(array $picture): array
    {
        return $picture;
    }
}
