@interface First : NSObject
- (void)first;

@implementation Second
- (void)second:(int)a { if (a) {
}
- (int)third { return 3; }
@end
template <typename T> T after(T a) { return a; }
