#import <Foundation/Foundation.h>

@interface LMScene : NSObject
@property (nonatomic) NSInteger lights;
- (BOOL)writeTo:(NSString *)path error:(NSError **)error;
@end

@implementation LMScene
- (BOOL)writeTo:(NSString *)path error:(NSError **)error {
  return YES;
}
@end
