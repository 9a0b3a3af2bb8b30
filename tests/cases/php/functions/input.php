#!/usr/bin/env php
<?php

require_once __DIR__ . '/vendor/autoload.php';
include 'helpers.php';

const VERSION = '1.0';
define('DEBUG', true);

// Adds two numbers.
function add(int $a, int $b = 1): int
{
    function inner() {}
    return $a + $b;
}

function &reference(array &$list) { return $list; }

if (!function_exists('polyfill')) {
    /** For older versions. */
    function polyfill(string $text): bool { return true; }
}

$handler = function (int $x) use ($y): ?string {
    return null;
};
$object = new class(1) extends Base {
    public function anonymous() {}
};
$total = 3;
?>
<h1><?= $total ?></h1>
<?php
function after() {}
