#import "LMScene.h"
#include "vec.h"

namespace lumen {
class Bridge {};
}

@implementation LMScene (Drawing)
- (void)draw {}
@end
