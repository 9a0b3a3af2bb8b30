<?php

namespace App;

/** The suits of a deck. */
enum Suit: string implements HasLabel
{
    use Labels;

    /** Red. */
    case Hearts = 'H';
    #[Black]
    case Spades = 'S';

    const Wild = self::Spades;

    public static function random(): self { return self::Hearts; }
}

trait Labels
{
    private ?string $label = null;

    // As shown.
    public function label(): string { return $this->label ?? 'none'; }

    abstract public function fallback(): string;
}

interface HasLabel extends Named, \Stringable
{
    public const SEPARATOR = ', ';

    public function label(): string;
}

final readonly class Card
{
    public function __construct(
        /** What it shows. */
        public Suit $suit,
        public int $rank = 1,
    ) {
    }
}
