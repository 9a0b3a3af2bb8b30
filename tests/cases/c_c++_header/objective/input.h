#import <Foundation/Foundation.h>

NS_ASSUME_NONNULL_BEGIN

/// Loads things.
@protocol Loader <NSObject>
@optional
- (void)load;
@end

@interface ImageLoader : NSObject <Loader>
@property (nonatomic, copy, nullable) void (^done)(NSError *error);
+ (instancetype)shared;
@end

NS_ASSUME_NONNULL_END
