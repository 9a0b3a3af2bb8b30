import { Injectable, Inject } from "@angular/core";

/**
 * Keeps users.
 */
@Injectable({ providedIn: "root" })
export abstract class UserService<T extends User> extends Service<T> implements OnInit, Store<T> {
  private readonly cache = new Map<string, T>();
  static instances?: number;
  @Input() name!: string;
  #secret: string = "x";
  declare kind: string;

  constructor(private http: HttpClient, readonly url: string, retries = 3) {
    super();
  }

  get size(): number {
    return this.cache.size;
  }

  @Log()
  // @ts-ignore
  async find(id: string): Promise<T | undefined> {
    const local = (x: number): number => x;
    return this.cache.get(id);
  }

  save(user: T): void;
  save(user: T, force?: boolean): void {}

  protected abstract check(user: T): asserts user is T;
  onError = async (error: Error): Promise<void> => {};
}

export function isUser(value: unknown): value is User {
  return true;
}
