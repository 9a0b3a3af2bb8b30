<?php
/**
 * Entities of the shop.
 */

declare(strict_types=1);

namespace App\Entity;

use App\Repository\UserRepository;
use Doctrine\ORM\Mapping as ORM;
use Psr\Log\{LoggerAwareTrait, LoggerInterface as Logger, function log_it};
use function App\Util\normal;
use const App\LIMIT;

/**
 * A user.
 */
#[ORM\Entity(repositoryClass: UserRepository::class)]
#[ORM\Table('users')]
abstract class User extends Base implements \JsonSerializable, HasName
{
    use LoggerAwareTrait;

    public const ROLE = 'user', NONE = null;
    final protected const string KEY = 'id';

    /** @var int|null how many */
    public static ?int $count = 0;
    private array $names = ['a', 'b'], $rest;
    var $old;

    public function __construct(private readonly string $name, protected ?Logger $logger = null, int $age = 0) {}

    #[Pure]
    public function name(string ...$parts): string
    {
        $twice = fn (int $x): int => 2 * $x;
        return $this->name;
    }

    abstract protected static function find(int $id): ?static;

    public function __destruct() {}
}
