@class Forward, Another;
@protocol Later;

typedef NS_ENUM(NSInteger, Direction) {
    DirectionUp, // first
    DirectionDown = 4,
};
typedef NS_OPTIONS(NSUInteger, Sides) { SidesLeft = 1 << 0 };
typedef void (^Completion)(NSData *data, NSError *error);

/** Things that can be drawn. */
@protocol Drawable <NSObject>
- (void)drawIn:(CGRect)rect;
@optional
@property (nonatomic, readonly) BOOL visible;
@end

@interface NSString (Trimming)
- (NSString *)trimmed;
@end

@implementation NSString (Trimming)
- (NSString *)trimmed { return self; }
@end
